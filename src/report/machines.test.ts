import { describe, expect, test } from 'vitest';
import { samplePages } from '../../test/support/result-pages.ts';
import { blind, fail } from '../../test/support/result-parts.ts';
import { deadNode, healthy } from '../../test/support/results.ts';
import type { AuditResult, HostSummary } from '../model/audit.ts';
import type { Blind, CheckId, Facts } from '../model/finding.ts';
import { documentOf } from './document.ts';
import { headline } from './page.ts';
import { renderText } from './text.ts';

const look = { width: 80, colour: false, unicode: true };
const silent: HostSummary = {
  name: 'k3s3',
  answered: false,
  ways: [
    {
      transport: 'ssh',
      name: 'ssh root@192.0.2.13:22',
      outcome: 'timed-out',
      detail: 'no answer within 8 s',
    },
    { transport: 'pct', name: 'pct 103 on pve', outcome: 'through', detail: 'pve refuses our key' },
  ],
  unknown: [],
};
const answering: HostSummary = {
  name: 'k3s1',
  node: 'k3s1',
  answered: true,
  user: 'josh',
  root: false,
  ways: [{ transport: 'ssh', name: 'ssh josh@192.0.2.11:22', outcome: 'answered' }],
  unknown: ['kernel'],
};

const checks: readonly CheckId[] = ['host/kmsg-missing', 'host/unit-failed', 'link/link-down'];
const unknownOf = (host: string, detail: string, reason: Blind['reason']) =>
  checks.map((check, at) =>
    blind(`F-${host}${at}`, check, { subject: { kind: 'Host', name: host }, reason, detail }),
  );

const out = fail(
  'F-out',
  'host/host-unreachable',
  { kind: 'Host', name: 'k3s3' },
  {
    evidence: [
      {
        object: { kind: 'Host', name: 'k3s3' },
        field: 'ways[ssh root@192.0.2.13:22].outcome',
        value: 'timed-out',
      },
    ],
  },
);
const [incident] = deadNode.incidents;
if (!incident) throw new Error('the dead node is an incident');

const result: AuditResult = {
  ...deadNode,
  hosts: [answering, silent],
  findings: [
    ...deadNode.findings.filter((each) => each.verdict !== 'unknown'),
    out,
    ...unknownOf('k3s3', 'no answer within 8 s', 'unreachable'),
    ...unknownOf('k3s1', 'its kernel log may not be read', 'forbidden'),
  ],
  incidents: [
    {
      ...incident,
      roots: ['F-out'],
      links: [
        { finding: 'F-node', cause: 'F-out', weight: 1, depth: 1 },
        ...incident.links.map((each) => ({ ...each, depth: each.depth + 1 })),
      ],
      suspected: {
        candidates: ['its link', 'the host being off'],
        well: ['its disks'],
        decide: 'ping -c 3 k3s3',
        shared: false,
        what: '',
      },
      blind: ['F-k3s30', 'F-k3s32', 'F-k3s10'],
    },
  ],
};

test('a silent machine, as a person reads it', async () => {
  const document = documentOf(result, { version: '0.1.0', pages: samplePages });
  const text = renderText(document, look, samplePages);
  await expect(text).toMatchFileSnapshot('goldens/silent-machine.80.txt');
});

test('a silent machine is named once, with the way and the words of the system', () => {
  const facts = { name: 'k3s3', over: 'ssh', problem: 'no route to host', kubelet: 'no-node' };
  const said = (more: Facts): string => headline({ ...out, facts: { ...facts, ...more } });
  expect(said({})).toBe('k3s3 does not answer over ssh: no route to host.');
  expect(said({ kubelet: 'silent' })).toBe(
    'k3s3 does not answer over ssh, nor does the API server hear of it: no route to host.',
  );
  expect(said({ over: '', problem: 'no answer before the deadline' })).toBe(
    'k3s3 does not answer: no answer before the deadline.',
  );
});

describe('what could not be seen', () => {
  const unknownIn = (changed: Partial<AuditResult>): readonly object[] =>
    documentOf({ ...healthy, ...changed }, { version: '0.1.0' }).unknown;

  test('of a silent machine is one entry with every way that was tried', () => {
    expect(
      unknownIn({ hosts: [silent], findings: unknownOf('k3s3', 'late', 'unreachable') }),
    ).toMatchObject([
      {
        hosts: ['k3s3'],
        detail:
          'k3s3 could not be looked at: ssh root@192.0.2.13:22: no answer in time; pct 103 on pve: the host on the way does not answer (pve refuses our key)',
        checks,
        subjects: 3,
      },
    ]);
  });

  test('of a machine that is there says how far we came, and why nothing is known', () => {
    const [way] = silent.ways;
    if (!way) throw new Error('a silent machine has a way');
    const said = (outcome: 'timed-out' | 'cut', present: boolean): readonly object[] =>
      unknownIn({
        hosts: [{ ...silent, ways: [{ ...way, outcome, present }] }],
        findings: [
          blind('F-other', 'host/container-stopped', {
            subject: { kind: 'Host', name: 'k3s3' },
            reason: 'unreachable',
            detail: 'late',
          }),
          ...unknownOf('k3s3', 'late', 'timed-out'),
        ],
      });
    const reason = 'timed-out';
    const start = 'k3s3 could not be looked at: ssh root@192.0.2.13:22: ';
    expect([
      said('timed-out', false),
      said('timed-out', true),
      said('cut', false),
      said('cut', true),
    ]).toMatchObject([
      [{ reason, detail: `${start}no answer in time` }],
      [{ reason, detail: `${start}logged in, and then no answer in time` }],
      [{ reason, detail: `${start}cut in the middle` }],
      [{ reason, detail: `${start}logged in, and then cut in the middle` }],
    ]);
  });

  test('alike on several machines is one entry; of its own kind on one, one for that machine', () => {
    const two = [answering, { ...answering, name: 'k3s2' }];
    const findings = [
      ...unknownOf('k3s1', 'not root', 'forbidden'),
      ...unknownOf('k3s2', 'not root', 'forbidden'),
      blind('F-own', 'link/link-slow', {
        subject: { kind: 'Link', namespace: 'k3s2', name: 'eth0' },
        reason: 'forbidden',
        detail: 'no speed is told',
      }),
    ];
    expect(
      unknownIn({ hosts: two, findings }).map((each) => [
        Reflect.get(each, 'hosts') as unknown,
        Reflect.get(each, 'detail') as unknown,
      ]),
    ).toEqual([
      [['k3s1', 'k3s2'], 'k3s1, k3s2: not root'],
      [['k3s2'], 'k3s2: no speed is told'],
    ]);
  });

  test('what takes a second look is one line a check, however many machines', () => {
    const names = ['k3s1', 'k3s2', 'k3s3'];
    const late = (check: CheckId, detail: string) =>
      names.map((name) =>
        blind(`F-${check}-${name}`, check, {
          subject: { kind: 'Link', namespace: name, name: 'eth0' },
          reason: 'needs-agent',
          detail,
        }),
      );
    const again = 'one look does not tell how much is sent again now (--interval 1m)';
    const errors = 'one look does not tell how fast its errors rise (--interval 1m)';
    const findings = [
      ...late('link/retransmits-high', again),
      ...late('link/errors-rising', errors),
    ];
    const hosts = names.map((name) => ({ ...answering, name }));
    expect(unknownIn({ hosts, findings })).toMatchObject([
      { checks: ['link/errors-rising'], subjects: 3, detail: `k3s1, k3s2, k3s3: ${errors}` },
      { checks: ['link/retransmits-high'], subjects: 3, detail: `k3s1, k3s2, k3s3: ${again}` },
    ]);
    const document = documentOf({ ...healthy, hosts, findings }, { version: '0.1.0' });
    expect(renderText(document, { ...look, width: 160 })).toContain(
      `only watching over time would tell: k3s1, k3s2, k3s3: ${again}`,
    );
  });

  test('nobody looked at machines: one entry, and those who judged without are in it', () => {
    const detail = 'the machines were not looked at (--hosts evenkeel.yaml)';
    const gap = { facet: 'hosts', reason: 'not-collected' as const, detail };
    const findings = checks.map((check, at) =>
      blind(`F-${at}`, check, { reason: 'not-collected', detail, gaps: [gap] }),
    );
    const missed = [{ ...gap, checks: ['control-plane/api-unreachable' as const] }];
    expect(unknownIn({ findings, missed })).toMatchObject([
      { facets: ['hosts'], checks: ['control-plane/api-unreachable', ...checks], subjects: 0 },
    ]);
  });
});

describe('in one sentence', () => {
  const say = (changed: Partial<AuditResult>): string =>
    documentOf({ ...healthy, ...changed }, { version: '0.1.0', pages: samplePages }).sentence;

  test('the cluster is shut, and its machines are well', () => {
    expect(say({ unobserved: 'connection refused', hosts: [answering, silent] })).toBe(
      'The cluster homelab could not be observed: connection refused; nothing is broken in what could be seen of 1 machine.',
    );
  });

  test('the cluster is shut, and a machine says why', () => {
    const alone = { findings: [out], incidents: [{ ...incident, roots: ['F-out'], links: [] }] };
    expect(say({ ...alone, unobserved: 'connection refused', hosts: [answering] })).toMatch(
      /^1 incident: .*k3s3.*The API server shows nothing: all that it alone could tell is unknown\.$/,
    );
  });
});
