import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unknown } from '../../../test/support/hosts.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './conntrack-full.ts';

function counting(conntrackCount: number): Pick<Host, 'limits'> {
  return { limits: known({ conntrackCount, conntrackMax: 100_000, sysctls: {} }) };
}

const text = 'nf_conntrack: nf_conntrack: table full, dropping packet';

function dropping(seconds: number, shared = false): Pick<Host, 'kernel'> {
  const records = [{ class: 'conntrack-full' as const, at: before(seconds), count: 40, text }];
  return { kernel: known({ source: 'kmsg', records, read: 900, shared }) };
}

describeCheck(check, [
  {
    name: 'silent: far from full',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: just below 95 %',
    world: { objects: [], hosts: [host('a', counting(94_999))] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: 95 % full',
    world: { objects: [], hosts: [host('a', counting(95_000))] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: noon },
        field: 'limits.conntrackCount',
        facts: {
          name: 'a',
          why: 'full',
          count: 95_000,
          max: 100_000,
          usedPercent: 95,
          dropping: false,
          shared: true,
        },
      },
    ],
  },
  {
    name: 'fails: the kernel dropped packets, and the table has emptied since',
    world: { objects: [], hosts: [host('a', { ...counting(10), ...dropping(600) })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: ago(600) },
        field: 'kernel.records',
      },
    ],
  },
  {
    name: 'fails: a container’s log is its machine’s, and does not say whose table',
    world: { objects: [], hosts: [host('a', dropping(600, true))] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'medium',
        facts: {
          name: 'a',
          why: 'dropped-below',
          count: 1200,
          max: 131_072,
          usedPercent: 0,
          dropping: true,
          shared: true,
        },
      },
    ],
  },
  {
    name: 'boundary: more than an hour ago',
    world: { objects: [], hosts: [host('a', dropping(3601))] },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: its counters may not be read',
    world: { objects: [], hosts: [host('a', { limits: unknown('no') })] },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'forbidden' } }],
  },
  ...darkCases('high'),
]);
