import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases, healthy } from '../../../test/support/host-cases.ts';
import { host, known, unit } from '../../../test/support/hosts.ts';
import { object } from '../../../test/support/objects.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { check } from './node-password-mismatch.ts';

const text = 'Node password rejected, duplicate hostname or contents of /etc/rancher/node/password';

/** Refused so many seconds ago. */
function refused(name: string, seconds: number, changes: Partial<Unit> = {}): Host {
  const log = [{ at: before(seconds), text }];
  return host(name, { units: known([unit('k3s-agent.service', { log, ...changes })]) });
}

const starting: Partial<Unit> = {
  activeState: 'activating',
  subState: 'start',
  startedAt: before(90),
};
const secret = object('v1', 'Secret', 'a.node-password.k3s', {}, { namespace: 'kube-system' });

/** Another machine, by the name of the first. */
const twin = (): Host => host('b', { k3s: healthy('k3s', { nodeName: 'a' }) });

const facts = {
  name: 'a',
  node: 'a',
  why: 'mismatch',
  twins: [],
  unit: 'starting',
  secret: 'kept',
  line: text,
};

describeCheck(check, [
  {
    name: 'silent: nobody was refused',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: refused before it came up, and accepted since',
    world: { objects: [], hosts: [refused('a', 601, { activeSinceAt: before(600) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: refused since it came up',
    world: { objects: [], hosts: [refused('a', 599, { activeSinceAt: before(600) })] },
    says: [{ verdict: 'fail', subject: 'Host/a' }],
  },
  {
    name: 'fails: the server keeps another password for that name',
    world: { objects: [secret], hosts: [refused('a', 30, starting)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: ago(30) },
        field: 'units[k3s-agent.service].log',
        facts,
      },
    ],
  },
  {
    name: 'fails: two machines of one name',
    world: { objects: [], hosts: [refused('a', 30, starting), twin()] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: { ...facts, why: 'two-machines', twins: ['b'], secret: 'none' },
      },
    ],
  },
  {
    name: 'fails: Secrets may not be listed',
    world: { objects: [secret], hosts: [refused('a', 30, starting)], deny: ['secrets'] },
    says: [{ verdict: 'fail', subject: 'Host/a', facts: { ...facts, secret: 'not-seen' } }],
  },
  ...darkCases('high'),
]);
