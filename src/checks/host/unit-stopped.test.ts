import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases, healthy } from '../../../test/support/host-cases.ts';
import { host, known, unit } from '../../../test/support/hosts.ts';
import { node } from '../../../test/support/objects.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { check } from './unit-stopped.ts';

const stopped: Partial<Unit> = {
  activeState: 'inactive',
  subState: 'dead',
  exitedAt: before(400),
  stateChangedAt: before(400),
};

function agent(changes: Partial<Unit>, more: Partial<Host> = {}): Host {
  return host('a', { units: known([unit('k3s-agent.service', changes)]), ...more });
}

/** Not run since the boot, so many seconds ago. */
function neverRan(seconds: number): Host {
  return agent(
    { ...stopped, exitedAt: null, stateChangedAt: null },
    { system: healthy('system', { bootedAt: before(seconds) }) },
  );
}

describeCheck(check, [
  {
    name: 'silent: it runs',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: failed is another finding',
    world: { objects: [], hosts: [agent({ activeState: 'failed' })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a leftover that is not enabled, on a host that carries no node',
    world: { objects: [], hosts: [agent({ ...stopped, unitFileState: 'disabled' })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: stopped by hand',
    world: { objects: [], hosts: [agent(stopped)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        onset: { from: ago(400), to: ago(400) },
        field: 'units[k3s-agent.service].activeState',
        facts: {
          name: 'a',
          unit: 'k3s-agent.service',
          why: 'stopped',
          enabled: true,
          unitFileState: 'enabled',
          result: 'success',
          sinceAt: before(400),
          forMs: 400_000,
          role: 'agent',
          servers: 0,
        },
      },
    ],
  },
  {
    name: 'fails: disabled, though it carries a node',
    world: { objects: [node('a')], hosts: [agent({ ...stopped, unitFileState: 'disabled' })] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'critical' }],
  },
  {
    name: 'fails: on a host that may be off it is no more than a note',
    world: {
      objects: [],
      hosts: [agent(stopped, { declared: { addresses: [], optional: true } })],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'low' }],
  },
  {
    name: 'fails: a machine that was taken out of the cluster is missed by nobody',
    world: { objects: [node('b')], hosts: [agent(stopped)] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'medium' }],
  },
  {
    name: 'boundary: within a minute of the boot its turn may not have come',
    world: { objects: [], hosts: [neverRan(59)] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a minute after the boot it should have been started',
    world: { objects: [], hosts: [neverRan(60)] },
    says: [{ verdict: 'fail', subject: 'Host/a', onset: { from: null, to: ago(60) } }],
  },
  ...darkCases('critical'),
]);
