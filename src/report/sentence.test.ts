import { describe, expect, test } from 'vitest';
import { samplePages } from '../../test/support/result-pages.ts';
import { blind } from '../../test/support/result-parts.ts';
import { deadNode, healthy } from '../../test/support/results.ts';
import type { AuditResult } from '../model/audit.ts';
import type { Incident } from '../model/incident.ts';
import { sentence } from './sentence.ts';

const [incident] = deadNode.incidents as [Incident];
const say = (change: Partial<AuditResult>, base: AuditResult = deadNode): string =>
  sentence({ ...base, ...change }, samplePages);
const withIncident = (change: Partial<Incident>): string =>
  say({ incidents: [{ ...incident, ...change }] });

describe('incidents', () => {
  test('one, with a cause below what can be seen', () => {
    expect(say({})).toBe(
      '1 incident explains 11 of 13 findings: k3s3 has reported nothing for 3 days; whether kubelet, host or link is not visible from here.',
    );
  });

  test('one, certain', () => {
    expect(withIncident({ certainty: 'certain', suspected: undefined })).toBe(
      '1 incident explains 11 of 13 findings: k3s3 has reported nothing for 3 days.',
    );
  });

  test('several', () => {
    const other: Incident = { ...incident, id: 'I-2', roots: ['F-crash'], links: [] };
    expect(say({ incidents: [{ ...incident, suspected: undefined }, other] })).toBe(
      '2 incidents explain 12 of 13 findings; the worst: k3s3 has reported nothing for 3 days.',
    );
  });

  test('inconclusive: no cause is named as the cause', () => {
    const rivals = [{ roots: ['F-disk'], weight: 0.45, against: 'less-likely' as const }];
    expect(withIncident({ certainty: 'inconclusive', rivals })).toBe(
      '1 incident ties together 11 of 13 findings: k3s3 has reported nothing for 3 days, but the cause is undecided; it may as well be this: The disk of k3s1 is 87 % full; 6.1 GiB are left.',
    );
  });

  test('several roots above something shared', () => {
    const suspected = {
      candidates: ['link'],
      well: [],
      decide: '',
      shared: true,
      what: 'a switch',
    };
    expect(withIncident({ roots: ['F-node', 'F-disk'], suspected })).toContain(
      'for 3 days (and 1 other at the same time); whether they share a switch is not visible from here.',
    );
  });
});

describe('without an incident', () => {
  const none = { incidents: [] };

  test('alone', () => {
    const findings = deadNode.findings.filter((each) => each.verdict === 'fail');
    expect(say({ ...none, findings, checks: healthy.checks })).toBe(
      'No incident; 2 findings stand alone, the worst: auth/oauth2-proxy-6b8f9c7d5-qwert has restarted 48 times in 4 h: cookie_secret must be 16, 24, or 32 bytes to create an AES cipher, but is 43 bytes.',
    );
    expect(say({ ...none, alone: ['F-disk'] })).toBe(
      'No incident; 1 finding stands alone: The disk of k3s1 is 87 % full; 6.1 GiB are left; the machines were not looked at, 1 check could not look, 1 more not everywhere.',
    );
  });

  test('risks only', () => {
    expect(
      say({
        ...none,
        alone: [],
        checks: healthy.checks,
        findings: deadNode.findings.filter((e) => e.verdict === 'fail'),
      }),
    ).toBe(
      'Nothing is broken in what could be seen, but there are 7 risks, the worst: k3s1 is the only server: without it nothing can be changed.',
    );
  });

  test('nothing', () => {
    expect(say({}, healthy)).toBe(
      'Nothing is broken in what could be seen: 2 checks made 67 judgements.',
    );
  });

  test('nothing seen broken, and not everything seen', () => {
    const [seen] = healthy.checks as [AuditResult['checks'][number]];
    const checks = [seen, { ...seen, id: 'node/y' as const, state: 'blind' as const }];
    expect(say({ checks, findings: [blind('F-b', 'node/y')] }, healthy)).toBe(
      'Nothing is broken in what could be seen: 1 check made 3 judgements; 1 check could not look.',
    );
  });
});

test('a cluster that could not be observed is not called well', () => {
  const checks = healthy.checks.map((each) => ({ ...each, state: 'blind' as const }));
  const findings = [blind('F-b', 'node/not-ready', { detail: 'nodes: connection refused' })];
  expect(say({ checks, findings }, healthy)).toBe(
    'Nothing could be seen of homelab, so nothing is known of its state: nodes: connection refused.',
  );
  expect(say({ checks: [] }, healthy)).toBe('No check was run on homelab: its state is not known.');
});

test('a scope is said first', () => {
  expect(say({ namespaces: ['media', 'apps'] }, healthy)).toMatch(
    /^In namespaces media, apps only: nothing is broken in what could be seen/,
  );
});
