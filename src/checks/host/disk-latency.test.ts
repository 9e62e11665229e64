import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases, healthy } from '../../../test/support/host-cases.ts';
import { host, known } from '../../../test/support/hosts.ts';
import { noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './disk-latency.ts';

type Latency = (Host['diskLatency'] & { state: 'known' })['value'][number];

function writing(changes: Partial<Latency>, more: Partial<Host> = {}): Host {
  const latency = { device: 'sda', writeMs: 2, writes: 100, overMs: 60_000, span: 'interval' };
  return host('a', { diskLatency: known([{ ...latency, ...changes } as Latency]), ...more });
}

function mountedFrom(source: string): Partial<Host> {
  const { fileSystems } = host('a');
  const [root] = fileSystems.state === 'known' ? fileSystems.value : [];
  if (!root) throw new Error('the builder knows it');
  return { fileSystems: known([{ ...root, source }]) };
}

function server(): Partial<Host> {
  return { k3s: healthy('k3s', { role: 'server' }) };
}

describeCheck(check, [
  {
    name: 'silent: fast enough',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: just below 50 ms',
    world: { objects: [], hosts: [writing({ writeMs: 49.9 })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: a mean write takes 50 ms',
    world: { objects: [], hosts: [writing({ writeMs: 50 })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'medium',
        onset: { from: null, to: noon },
        field: 'diskLatency[sda].writeMs',
        facts: {
          name: 'a',
          device: 'sda',
          meanMs: 50,
          writes: 100,
          overMs: 60_000,
          span: 'interval',
          role: 'agent',
        },
      },
    ],
  },
  {
    name: 'boundary: too few writes to tell',
    world: { objects: [], hosts: [writing({ writeMs: 500, writes: 99 })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a mean over a week says nothing of today',
    world: { objects: [], hosts: [writing({ writeMs: 500, span: 'boot', overMs: 6e8 })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a disk on which nothing of k3s lies',
    world: { objects: [], hosts: [writing({ writeMs: 500 }, mountedFrom('/dev/nvme0n1p2'))] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: under the datastore, and far too slow',
    world: {
      objects: [],
      hosts: [writing({ writeMs: 200 }, { ...server(), ...mountedFrom('/dev/sda1') })],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'high' }],
  },
  ...darkCases('high'),
]);
