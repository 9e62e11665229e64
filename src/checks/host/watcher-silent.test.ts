import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unit } from '../../../test/support/hosts.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { check } from './watcher-silent.ts';

function watched(timer: Partial<Unit>, job: Partial<Unit> = {}): Host {
  return host('a', {
    units: known([
      unit('k3s-node-watcher.timer', { subState: 'waiting', ...timer }),
      unit('k3s-node-watcher.service', { activeState: 'inactive', exitedAt: before(60), ...job }),
    ]),
  });
}

const late: Partial<Unit> = { exitedAt: before(361) };

describeCheck(check, [
  {
    name: 'silent: it ran a minute ago',
    world: { objects: [], hosts: [watched({})] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a host without a watcher is no subject',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 0,
  },
  {
    name: 'boundary: it ran three periods ago',
    world: { objects: [], hosts: [watched({}, { exitedAt: before(360) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: it ran longer ago than three periods',
    world: { objects: [], hosts: [watched({}, late)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: ago(1) },
        field: 'units[k3s-node-watcher.timer].activeState',
        facts: {
          name: 'a',
          timer: 'k3s-node-watcher.timer',
          why: 'late',
          state: 'active',
          ranAt: before(361),
          forMs: 361_000,
        },
      },
    ],
  },
  {
    name: 'boundary: longer periods, as its options say',
    world: { objects: [], hosts: [watched({}, late)] },
    options: { silentMs: 600_000 },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: its timer is stopped',
    world: {
      objects: [],
      hosts: [watched({ activeState: 'inactive', stateChangedAt: before(500) })],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', onset: { from: null, to: ago(500) } }],
  },
  {
    name: 'fails: each of its runs fails',
    world: { objects: [], hosts: [watched({}, { activeState: 'failed' })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        field: 'units[k3s-node-watcher.service].activeState',
      },
    ],
  },
  ...darkCases('high'),
]);
