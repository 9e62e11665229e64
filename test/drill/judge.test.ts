import { expect, test } from 'vitest';
import type { AuditResult } from '../../src/model/audit.ts';
import type { CheckId } from '../../src/model/finding.ts';
import { documentOf } from '../../src/report/document.ts';
import { fail } from '../support/result-parts.ts';
import { deadNode } from '../support/results.ts';
import type { Expectation } from './expectations.ts';
import { judge } from './judge.ts';

const rootOf = (...names: readonly string[]): Expectation => {
  const root = { names, least: 'suspected' } as const;
  return { fault: 'any', title: 'any', root: { ssh: root, pct: root }, withinSeconds: 10 };
};
const dead = rootOf('node/not-ready Node/k3s3');
const other = rootOf('link/link-down Link/k3s3/eth0');

const judgementOf = (changes: Partial<AuditResult>, expectation: Expectation): string =>
  judge(documentOf({ ...deadNode, ...changes }, { version: 'test' }), expectation, 'ssh').judgement;

const [incident] = deadNode.incidents;
if (!incident) throw new Error('the dead node is an incident');
const certain = { incidents: [{ ...incident, certainty: 'certain' }] } as const;

const besides = (check: CheckId): Partial<AuditResult> => {
  const finding = fail('F-more', check, { kind: 'Host', name: 'k3s1' });
  return { findings: [...deadNode.findings, finding], alone: ['F-more'] };
};

test('the root that was expected is right, suspected or certain', () => {
  expect(judgementOf({ alone: [] }, dead)).toBe('right');
  expect(judgementOf({ ...certain, alone: [] }, dead)).toBe('right');
});

test('another root is wrong once it is stated as certain', () => {
  expect(judgementOf({ alone: [] }, other)).toBe('open');
  expect(judgementOf({ ...certain, alone: [] }, other)).toBe('wrong');
});

test('a fault that there is not is wrong beside the right root too; a symptom is none', () => {
  expect(judgementOf(besides('host/firewall'), dead)).toBe('wrong');
  expect(judgementOf(besides('edge/haproxy-backend-down'), dead)).toBe('right');
});
