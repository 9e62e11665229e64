import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases } from '../../../test/support/host-cases.ts';
import { host, known } from '../../../test/support/hosts.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './kubelet-root-changed.ts';

const here = '/var/lib/kubelet';
const there = '/var/lib/rancher/k3s/agent/kubelet';
type Tree = { path: string; pods: number; drivers: string[]; registered: string[] };

const tree = (path: string, changes: Partial<Tree> = {}): Tree => ({
  path,
  pods: 0,
  drivers: [],
  registered: [],
  ...changes,
});

function kubelet(trees: Tree[], more: Partial<Host> = {}, root: string | null = here): Host {
  const running = root !== null;
  return host('a', {
    kubelet: known({ root, running, startedAt: before(3600), trees }),
    ...more,
  });
}

const withPods = tree(here, { pods: 8 });

describeCheck(check, [
  {
    name: 'silent: one tree',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: the other tree is empty',
    world: { objects: [], hosts: [kubelet([withPods, tree(there)])] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: pods are left in another tree',
    world: { objects: [], hosts: [kubelet([withPods, tree(there, { pods: 2 })])] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: ago(3600) },
        field: 'kubelet.root',
        facts: {
          name: 'a',
          why: 'two-trees',
          root: here,
          recorded: '',
          other: there,
          others: [there],
          drivers: [],
          pods: 2,
        },
      },
    ],
  },
  {
    name: 'fails: a CSI driver is registered where no kubelet looks',
    world: {
      objects: [],
      hosts: [kubelet([withPods, tree(there, { registered: ['driver.longhorn.io'] })])],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'critical' }],
  },
  {
    name: 'fails: no kubelet runs, and the smaller tree has a driver’s socket',
    world: {
      objects: [],
      hosts: [kubelet([tree(there, { drivers: ['driver.longhorn.io'] }), withPods], {}, null)],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'critical' }],
  },
  {
    name: 'fails: it ran elsewhere when all was well',
    world: {
      objects: [],
      hosts: [kubelet([withPods], { baseline: { recordedAt: before(9e5), kubeletRoot: there } })],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        facts: {
          name: 'a',
          why: 'moved',
          root: here,
          recorded: there,
          other: there,
          others: [],
          drivers: [],
          pods: 0,
        },
      },
    ],
  },
  {
    name: 'silent: it runs where it ran when all was well',
    world: {
      objects: [],
      hosts: [kubelet([withPods], { baseline: { recordedAt: before(9e5), kubeletRoot: here } })],
    },
    says: [],
    judged: 1,
  },
  ...darkCases('critical'),
]);
