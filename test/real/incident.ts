/** One of three nodes falls silent: one incident, all of it, and nothing else; then it comes back. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.gen.ts';
import { auditSnapshot } from '../../src/diagnose/audit.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { unpackBundle } from '../../src/observe/sources/bundle.ts';
import { documentOf, documentText } from '../../src/report/document.ts';
import type { AuditDocument } from '../../src/report/schema.ts';
import { type ControlPlane, startControlPlane } from '../bed/control-plane.ts';
import type { KwokGroup } from '../bed/kwok.ts';
import {
  type Audit,
  audit,
  auditUntil,
  documentIn,
  failedEvents,
  inTurn,
  nameOf,
  namesOf,
  run,
  told,
} from './audit.ts';
import { planted, silentNode } from './shop.ts';
import { seeded, shuffled } from './shuffle.ts';
import { breakThings, root, startShop } from './silence.ts';

const shufflings = 1_000;

export function describeIncident(suite: string): void {
  describe.concurrent(suite, () => {
    let controlPlane: ControlPlane;
    let silent: KwokGroup;
    let live: Audit;
    let bundle: Buffer;

    beforeAll(async () => {
      controlPlane = await startControlPlane();
      silent = await startShop(controlPlane);
    }, 240_000);

    afterAll(async () => {
      await controlPlane?.close();
    }, 60_000);

    test('well: no event, exit code 0', inTurn(60_000), async () => {
      const { document, exitCode } = await audit(controlPlane);
      expect(failedEvents(document), told(document)).toEqual([]);
      expect(document.incidents).toEqual([]);
      expect(exitCode).toBe(0);
    });

    test(
      `${silentNode} falls silent: one incident, and every symptom is in it`,
      inTurn(300_000),
      async () => {
        silent.stop();
        const expected = await breakThings(controlPlane);
        live = await auditUntil(
          controlPlane,
          (document) => isAsExpected(document, expected),
          240_000,
        );
        const { document, exitCode } = live;
        expect(failedEvents(document).map(nameOf).toSorted(), told(document)).toEqual(expected);
        expectOneIncident(document);
        expect(exitCode).toBe(1);
      },
    );

    test('the report for people says it in its first line', inTurn(60_000), async () => {
      const { stdout, exitCode } = await run(controlPlane, ['audit', '--output', 'text']);
      const { sentence } = live.document;
      expect(sentence).toContain(silentNode);
      expect(sentence).toMatch(/whether kubelet, host or link is not visible from here/);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(sentence.slice(0, sentence.indexOf(':')));
      expect(stdout).toContain(silentNode);
      expect(exitCode).toBe(1);
    });

    test('a bundle of it gives the live report', inTurn(60_000), async () => {
      const file = path.join(controlPlane.dir, 'incident.evenkeel.gz');
      const created = await run(controlPlane, ['bundle', 'create', '--out', file]);
      expect(created.exitCode, created.stderr).toBe(0);
      bundle = readFileSync(file);
      const ran = await run(controlPlane, ['audit', '--bundle', file, '--output', 'json'], null);
      expect(outlineOf(documentIn(ran))).toEqual(outlineOf(live.document));
      expect(ran.exitCode).toBe(1);
    });

    test('and no secret value is in the bundle', inTurn(30_000), () => {
      const text = gunzipSync(bundle).toString('utf8');
      expect(text).toContain('shop-login');
      for (const [place, value] of Object.entries(planted)) {
        const forms = [value, Buffer.from(value).toString('base64').slice(0, -4)];
        for (const form of forms) expect(text.includes(form), place).toBe(false);
      }
    });

    test(`shuffled ${shufflings} times it gives the same bytes`, inTurn(240_000), async () => {
      const snapshot = unpackBundle(bundle);
      const first = textOf(snapshot);
      const random = seeded(20);
      let different = 0;
      for (let count = 0; count < shufflings; count++) {
        if (textOf(shuffled(snapshot, random)) !== first) different += 1;
        // The other stories share this thread, and time what they see.
        await breathe();
      }
      expect(different).toBe(0);
    });

    test('the heartbeat comes back: no incident, exit code 0', inTurn(180_000), async () => {
      silent.start();
      const well = (document: AuditDocument): boolean => failedEvents(document).length === 0;
      const { document, exitCode } = await auditUntil(controlPlane, well, 120_000);
      expect(document.incidents, told(document)).toEqual([]);
      expect(failedEvents(document), told(document)).toEqual([]);
      expect(exitCode).toBe(0);
    });
  });
}

function isAsExpected(document: AuditDocument, expected: readonly string[]): boolean {
  const names = failedEvents(document).map(nameOf);
  return expected.every((each) => names.includes(each));
}

/** The dead node is the one root, what lies below it is suspected, and all else follows from it. */
function expectOneIncident(document: AuditDocument): void {
  const message = told(document);
  expect(document.incidents.length, message).toBe(1);
  const [incident] = document.incidents;
  if (incident === undefined) return;
  const { roots, suspected, certainty, chain, rivals } = incident;
  expect(namesOf(document, roots), message).toEqual([root]);
  expect(suspected?.candidates).toEqual(['kubelet', 'host', 'link']);
  expect(suspected?.decide).toContain(silentNode);
  expect(certainty, message).toBe('suspected');
  const effects = failedEvents(document).filter(({ id }) => !roots.includes(id));
  expect(chain.map(({ finding }) => finding).toSorted(), message).toEqual(
    effects.map(({ id }) => id).toSorted(),
  );
  const causeOf = new Map(chain.map(({ finding, cause }) => [finding, cause]));
  for (const { id } of effects) expect(roots, message).toContain(rootOf(id, causeOf));
  expect(document.alone, message).toEqual([]);
  expect(
    rivals.filter(({ weight }) => weight >= 0.3),
    message,
  ).toEqual([]);
  expect(document.sentence).toContain(silentNode);
}

function rootOf(id: string, causeOf: ReadonlyMap<string, string>): string {
  let at = id;
  for (const seen = new Set<string>(); !seen.has(at); ) {
    seen.add(at);
    at = causeOf.get(at) ?? at;
  }
  return at;
}

/** What must be the same of one world, however it was looked at and some seconds later. */
function outlineOf({ incidents, findings, alone, postures }: AuditDocument): object {
  return {
    incidents: incidents.map(({ id, roots, certainty, severity, chain, suspected }) => ({
      id,
      roots,
      certainty,
      severity,
      suspected,
      chain,
    })),
    findings: findings.map(({ id, check, verdict, kind, severity, subject }) => ({
      id,
      check,
      verdict,
      kind,
      severity,
      subject,
    })),
    alone,
    postures,
  };
}

function textOf(snapshot: Snapshot): string {
  return documentText(documentOf(auditSnapshot(snapshot, checks), { version: '0.0.0-test' }));
}
