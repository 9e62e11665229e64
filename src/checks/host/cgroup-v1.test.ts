import { describeCheck } from '../../../test/support/cases.ts';
import { darkCases, healthy } from '../../../test/support/host-cases.ts';
import { host, unknown } from '../../../test/support/hosts.ts';
import { node } from '../../../test/support/objects.ts';
import { noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './cgroup-v1.ts';

interface Shape {
  readonly version?: string;
  readonly args?: string[];
  readonly running?: boolean;
}

/** On the old hierarchy. */
function old({ version, args = [], running = true }: Shape, more: Partial<Host> = {}): Host {
  return host('a', {
    system: healthy('system', { cgroupVersion: 1 }),
    k3s: healthy('k3s', { version: version ?? null, kubeletArgs: args }),
    kubelet: healthy('kubelet', { running }),
    ...more,
  });
}

describeCheck(check, [
  {
    name: 'silent: cgroup v2',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: its kubelet is told to go on',
    world: { objects: [], hosts: [old({ version: 'v1.34.4', args: ['fail-cgroupv1=false'] })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a kubelet of 1.35 that runs was told so somewhere',
    world: { objects: [], hosts: [old({ version: 'v1.35.0+k3s1' })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: a kubelet of 1.34 runs, the next will not',
    world: { objects: [], hosts: [old({ version: 'v1.34.4+k3s1' })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: noon },
        field: 'system.cgroupVersion',
        facts: { name: 'a', version: 'v1.34.4+k3s1', refuses: false, argsSeen: true },
      },
    ],
  },
  {
    name: 'fails: a kubelet of 1.35 that does not run; its version by its node',
    world: {
      objects: [node('a', { version: 'v1.35.1+k3s1' })],
      hosts: [old({ running: false })],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        facts: { name: 'a', version: 'v1.35.1+k3s1', refuses: true, argsSeen: true },
      },
    ],
  },
  {
    name: 'unknown: whether a kubelet of 1.35 runs was not to be seen',
    world: {
      objects: [],
      hosts: [old({ version: 'v1.35.0+k3s1' }, { kubelet: unknown('too late') })],
    },
    says: [
      { verdict: 'unknown', subject: 'Host/a', severity: 'high', facts: { reason: 'forbidden' } },
    ],
  },
  {
    name: 'fails: what its kubelet is told was not to be seen',
    world: { objects: [], hosts: [old({}, { k3s: unknown('no') })] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'medium' }],
  },
  ...darkCases('high'),
]);
