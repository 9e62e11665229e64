import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import { looked } from '../../../test/support/links.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './retransmits-high.ts';

type Tcp = NonNullable<NonNullable<Host['earlier']>['tcp']>;

const tcp = (outSegments: number, retransmitted: number, span: Tcp['span'] = 'boot'): Tcp => ({
  outSegments,
  retransmitted,
  span,
});

const counted = (then: Tcp | undefined, now: Tcp): Host =>
  host('a', {
    tcp: known(now),
    ...(then ? { earlier: looked(100, {}, { tcp: then }) } : {}),
  });

describeCheck(check, [
  ...darkCases('medium'),
  {
    name: 'silent: so few since boot that no stretch of it can have had too many',
    world: { objects: [], hosts: [counted(undefined, tcp(1e6, 19))] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a container that has sent little since it booted, much of it twice',
    world: { objects: [], hosts: [counted(undefined, tcp(999, 300))] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: as much as a share is taken of',
    world: { objects: [], hosts: [counted(undefined, tcp(1000, 300))] },
    says: [{ verdict: 'unknown', subject: 'Link/a/eth0', facts: { reason: 'needs-agent' } }],
  },
  {
    name: 'boundary: 2 % of what was sent between the looks',
    world: { objects: [], hosts: [counted(tcp(1e6, 5000), tcp(1_010_000, 5200))] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: more than that',
    world: { objects: [], hosts: [counted(tcp(1e6, 5000), tcp(1_010_000, 5300))] },
    says: [
      {
        verdict: 'fail',
        subject: 'Link/a/eth0',
        severity: 'medium',
        onset: { from: ago(100), to: noon },
        field: 'tcp.retransmitted',
        facts: { name: 'eth0', host: 'a', againPercent: 3, segments: 10_000, again: 300 },
      },
    ],
  },
  {
    name: 'boundary: of fewer than a thousand segments no share is taken',
    world: { objects: [], hosts: [counted(tcp(1e6, 5000), tcp(1_000_999, 5500))] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: the host itself was watched for a while',
    world: { objects: [], hosts: [counted(undefined, tcp(2000, 100, 'interval'))] },
    says: [
      {
        verdict: 'fail',
        subject: 'Link/a/eth0',
        onset: { from: null, to: noon },
        facts: { name: 'eth0', host: 'a', againPercent: 5, segments: 2000, again: 100 },
      },
    ],
  },
  {
    name: 'unknown: what was counted since boot cannot be compared with what was counted for a while',
    world: { objects: [], hosts: [counted(tcp(2000, 100, 'interval'), tcp(1e6, 5000))] },
    says: [{ verdict: 'unknown', subject: 'Link/a/eth0', facts: { reason: 'needs-agent' } }],
  },
  {
    name: 'unknown: one look',
    world: { objects: [], hosts: [host('a')] },
    says: [
      {
        verdict: 'unknown',
        subject: 'Link/a/eth0',
        severity: 'medium',
        facts: { reason: 'needs-agent' },
      },
    ],
  },
  {
    name: 'unknown: the counters may not be read',
    world: { objects: [], hosts: [host('a', { tcp: unknown('not permitted') })] },
    says: [{ verdict: 'unknown', subject: 'Link/a/eth0', facts: { reason: 'forbidden' } }],
  },
  {
    name: 'silent: the host has none',
    world: { objects: [], hosts: [host('a', { tcp: { state: 'absent' } })] },
    says: [],
    judged: 1,
  },
]);
