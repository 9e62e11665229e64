/**
 * Every case of every check once more, the whole way: served over HTTP in small pages, collected
 * and audited by the command line, read from its JSON. What a case says of a world must be what a
 * person is told of a cluster that looks so.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { byText } from '../../src/lib/order.ts';
import type { Check } from '../../src/model/check.ts';
import { refKey } from '../../src/model/ref.ts';
import { isAtLeast } from '../../src/model/severity.ts';
import { packBundle } from '../../src/observe/sources/bundle.ts';
import { refOfEntry } from '../../src/report/document.ts';
import { type AuditDocument, documentSchema, type FindingEntry } from '../../src/report/schema.ts';
import { readCaseBook } from '../support/case-book.ts';
import { type CheckCase, runOne, type Said } from '../support/cases.ts';
import { evenkeel, kubeconfigFor, type Ran, withDirectory } from '../support/cli.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { closeWays, type WayIn, wayInto } from '../support/ways.ts';

/** Worlds that no API server can show, and why. */
const unservable: { readonly [name: string]: string } = {
  'control-plane/credentials: unknown: nobody knocked':
    'whoever asks an API server has knocked, and is told what came of it',
  'node/stale-taint: fails: the Lease was seen to move twice by our own clock':
    'one audit looks at Leases twice, so it sees them move once at most',
  'node/out-of-service-on-ready-node: fails: seen to renew twice by our own clock':
    'one audit looks at Leases twice, so it sees them move once at most',
};

/** Facts that name the way in, which is another one for each run. */
const ofTheWay: { readonly [check: string]: readonly string[] } = {
  'control-plane/credentials': ['server', 'user', 'detail'],
  'control-plane/api-slow': ['path'],
};

const { entries } = await readCaseBook();
const named = entries.flatMap(({ check, cases }) =>
  cases.map((each) => ({ check, each, name: `${check.id}: ${each.name}` })),
);

afterAll(closeWays);

test('what is said to be unservable is a case, and no more than there must be', () => {
  const names = named.map(({ name }) => name);
  expect(Object.keys(unservable).filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(entries.map((entry) => [entry.check.id, entry] as const))('%s', (id, entry) => {
  const served = entry.cases.filter(({ name }) => !(`${id}: ${name}` in unservable));

  test('fails and is silent over HTTP', () => {
    const verdicts = served.flatMap(({ says }) => says.map(({ verdict }) => verdict));
    expect(verdicts).toContain('fail');
    expect(served.some(({ says }) => says.length === 0)).toBe(true);
  });

  test.concurrent.each(served.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { exitCode, document } = await audited(entry.check, each);
    const expected = sorted(each.says.map((said) => told(id, said)));
    const heard = sorted(document.findings.map((finding) => told(id, heardOf(finding))));
    expect(heard).toEqual(expected.map((said) => expect.objectContaining(said)));
    const judged = document.works.checks.find((summary) => summary.id === id)?.judged;
    expect(judged).toBe(runOne(entry.check, each).judged);
    expect(exitCode).toBe(exitCodeOf(each, document));
  });
});

interface Audited {
  readonly exitCode: number;
  readonly document: AuditDocument;
}

async function audited(check: Check, each: CheckCase): Promise<Audited> {
  return await withDirectory(async (directory) => {
    const argv = ['audit', '--output', 'json', '--check', check.id];
    if (each.options) argv.push('--config', configOf(check, each.options, directory));
    if (each.world.hosts) return await auditedBundle(each, argv, directory);
    const way: WayIn = await wayInto(each.world);
    try {
      argv.push('--timeout', '1h', '--kubeconfig', kubeconfigFor(way.url, directory, way.shape));
      for (const namespace of each.world.namespaces ?? []) argv.push('--namespace', namespace);
      return reported(await evenkeel(argv, { clock: way.clock, cwd: directory }));
    } finally {
      await way.close();
    }
  });
}

/** No API server shows machines: what was seen of them comes in a bundle. */
async function auditedBundle(
  each: CheckCase,
  argv: readonly string[],
  directory: string,
): Promise<Audited> {
  const file = join(directory, 'world.evenkeel.gz');
  writeFileSync(file, packBundle(snapshotOf(each.world)));
  return reported(await evenkeel([...argv, '--bundle', file], { cwd: directory }));
}

function reported({ exitCode, stdout, stderr }: Ran): Audited {
  expect(stdout, stderr).not.toBe('');
  return { exitCode, document: documentSchema.parse(JSON.parse(stdout)) };
}

function configOf(check: Check, options: object, directory: string): string {
  const file = join(directory, 'evenkeel.yaml');
  writeFileSync(file, JSON.stringify({ checks: { options: { [check.id]: options } } }));
  return file;
}

function exitCodeOf({ world }: CheckCase, { findings, works }: AuditDocument): number {
  // Machines that answered are something seen.
  const answered = world.hosts?.some(({ reach }) => reach.state === 'answered') ?? false;
  if ((world.access?.outcome ?? 'ok') !== 'ok' && !answered) return 3;
  // The only check that was asked for could not look.
  if (works.checks.some(({ state }) => state === 'blind')) return 3;
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  return failed.some(({ severity }) => isAtLeast(severity ?? 'info', 'high')) ? 1 : 0;
}

/** A finding of the report in the words of a case. */
function heardOf(finding: FindingEntry): Said {
  const { verdict, subject, severity, reason, onset, facts, evidence } = finding;
  const who = { verdict, subject: subject ? refKey(refOfEntry(subject)) : '' };
  if (verdict === 'unknown') {
    return { ...who, ...(severity && { severity }), facts: { reason: reason ?? '' } };
  }
  return {
    ...who,
    ...(severity && { severity }),
    ...(onset && { onset }),
    facts,
    field: evidence[0]?.field ?? '',
  };
}

/** What can be compared: times as the report writes them, and nothing that names the way in. */
function told(id: string, { facts, field, onset, ...said }: Said): object {
  const hidden = ofTheWay[id] ?? [];
  const kept = Object.entries(facts ?? {})
    .filter(([name]) => !hidden.includes(name))
    .map(([name, value]) => [name, factOf(name, value)] as const);
  return {
    ...said,
    ...(facts && { facts: Object.fromEntries(kept) }),
    ...(onset && { onset: { from: onset.from && moment(onset.from), to: moment(onset.to) } }),
    ...(field !== undefined && !hidden.includes('path') && { field }),
  };
}

function factOf(name: string, value: unknown): unknown {
  if (name === 'notSeen') return (value as readonly string[]).map((each) => each.split(':')[0]);
  if (!/At$/.test(name)) return value;
  return moment(value as string | number);
}

function moment(value: string | number): number {
  return typeof value === 'number' ? value : Date.parse(value);
}

function sorted(said: readonly object[]): object[] {
  const key = (each: object): string => {
    const { subject, verdict } = each as Said;
    return `${subject} ${verdict}`;
  };
  return said.toSorted((a, b) => byText(key(a), key(b)));
}
