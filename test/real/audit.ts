/** Runs the command line against a control plane of the bed, and reads what it says. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditDocument, FindingEntry } from '../../src/report/schema.ts';
import { documentSchema } from '../../src/report/schema.ts';
import type { ControlPlane } from '../bed/control-plane.ts';
import { evenkeel, type Ran } from '../support/cli.ts';

export interface Audit {
  readonly exitCode: number;
  readonly document: AuditDocument;
}

/**
 * A machine that runs several control planes and builds beside them answers slowly at times.
 * That would be a true finding about the machine, and it is not what these tests are about.
 */
const patience = 'checks:\n  options:\n    control-plane/api-slow:\n      slowMs: 30000\n';

/** Runs evenkeel with the admin's kubeconfig, another one, or none (null). */
export function run(
  { dir, kubeconfig }: ControlPlane,
  argv: readonly string[],
  as: string | null = kubeconfig,
): Promise<Ran> {
  writeFileSync(path.join(dir, 'evenkeel.yaml'), patience);
  const access = as === null ? [] : ['--kubeconfig', as];
  return evenkeel([...argv, ...access], { cwd: dir });
}

/** `evenkeel audit --output json`, held to the published schema. */
export async function audit(
  controlPlane: ControlPlane,
  argv: readonly string[] = [],
  as?: string,
): Promise<Audit> {
  const ran = await run(controlPlane, ['audit', '--output', 'json', ...argv], as);
  return { exitCode: ran.exitCode, document: documentIn(ran) };
}

/** The JSON document that a run printed. Throws with what it said instead. */
export function documentIn({ stdout, stderr, exitCode }: Ran): AuditDocument {
  if (stdout === '') throw new Error(`no report, exit code ${exitCode}: ${stderr}`);
  return documentSchema.parse(JSON.parse(stdout));
}

/** Audits again and again until the report is as wanted; returns the last one in any case. */
export async function auditUntil(
  controlPlane: ControlPlane,
  wanted: (document: AuditDocument) => boolean,
  deadlineMs: number,
): Promise<Audit> {
  for (const end = Date.now() + deadlineMs; ; await sleep(3_000)) {
    const last = await audit(controlPlane);
    if (wanted(last.document) || Date.now() > end) return last;
  }
}

/** Events that fail now: what an incident may explain. */
export function failedEvents({ findings }: AuditDocument): FindingEntry[] {
  return findings.filter(({ verdict, kind }) => verdict === 'fail' && kind === 'event');
}

/** `node/not-ready Node/worker-2`: a finding as people name it. */
export function nameOf({ check, subject }: FindingEntry): string {
  if (subject === null) return check;
  const { kind, namespace, name } = subject;
  return `${check} ${[kind, ...(namespace === null ? [] : [namespace]), name].join('/')}`;
}

/** Names of findings by their ids, sorted; an id that is no finding stays as it is. */
export function namesOf({ findings }: AuditDocument, ids: readonly string[]): string[] {
  const byId = new Map(findings.map((each) => [each.id, nameOf(each)]));
  return ids.map((id) => byId.get(id) ?? id).toSorted();
}

/** What the report says, for the message of a test that fails. */
export function told(document: AuditDocument): string {
  const { sentence, incidents, alone, unknown } = document;
  return JSON.stringify(
    {
      sentence,
      incidents: incidents.map(({ certainty, roots, chain, rivals }) => ({
        certainty,
        roots: namesOf(document, roots),
        chain: chain.map(
          ({ finding, cause }) =>
            `${namesOf(document, [cause]).join()} -> ${namesOf(document, [finding]).join()}`,
        ),
        rivals: rivals.map((each) => ({ ...each, roots: namesOf(document, each.roots) })),
      })),
      alone: namesOf(document, alone),
      failed: failedEvents(document).map(({ headline, facts }) => ({ headline, facts })),
      unknown: unknown.map(
        (each) => `${each.checks.join()}: ${each.facets.join()}: ${each.detail}`,
      ),
    },
    null,
    1,
  );
}

/** Polls until it holds; throws with the sentence after the deadline. */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  deadlineMs = 90_000,
): Promise<void> {
  for (const end = Date.now() + deadlineMs; !(await holds()); await sleep(500)) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs / 1000} s: ${what}`);
  }
}

/** Options of a test that waits for the one before it, while the other stories go on. */
export function inTurn(timeout: number): { readonly concurrent: false; readonly timeout: number } {
  return { concurrent: false, timeout };
}
