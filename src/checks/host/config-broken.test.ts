import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases, healthy } from '../../../test/support/host-cases.ts';
import { host, known, unit, unknown } from '../../../test/support/hosts.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './config-broken.ts';

const path = '/etc/rancher/k3s/config.yaml';
const problem = 'line 4, column 3: a key without a value';

function withConfig(changes: { problem?: string; modifiedAt?: number }): Host['k3s'] {
  const drops = { path: `${path}.d/10-labels.yaml` };
  return healthy('k3s', { config: [drops, { path, ...changes }] });
}

const broken = { k3s: withConfig({ problem, modifiedAt: before(900) }) };

describeCheck(check, [
  {
    name: 'silent: k3s can read it',
    world: { objects: [], hosts: [host('a', { k3s: withConfig({}) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: k3s is down, and will not come up with it',
    world: {
      objects: [],
      hosts: [
        host('a', {
          ...broken,
          units: known([unit('k3s-agent.service', { activeState: 'failed' })]),
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        onset: { from: null, to: ago(900) },
        field: `k3s.config[${path}].problem`,
        facts: { name: 'a', path, problem, paths: [path], unitUp: false, sinceAt: before(900) },
      },
    ],
  },
  {
    name: 'boundary: k3s still runs with what it read before',
    world: { objects: [], hosts: [host('a', broken)] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'high' }],
  },
  {
    name: 'fails: whether k3s runs was not to be seen',
    world: {
      objects: [],
      hosts: [host('a', { k3s: withConfig({ problem }), units: unknown('no') })],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'high' }],
  },
  ...darkCases('critical'),
]);
