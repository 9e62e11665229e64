import type { Host } from '../../src/model/objects/host/host.ts';
import type { Unit } from '../../src/model/objects/host/system.ts';
import { before, healthy } from './host-cases.ts';
import { host, known, unit } from './hosts.ts';
import { lease, node, pod } from './objects.ts';
import { endpointSlice, service } from './services.ts';
import { ago, type RawObject } from './snapshot.ts';

/** A server `srv` and two agents, each a container of its own; `a` is the one that things happen to. */

const control = { 'node-role.kubernetes.io/control-plane': 'true' };

/** The server and the agent that stay well, as the API has them. */
export const others: readonly RawObject[] = [
  node('srv', { labels: control }),
  lease('srv'),
  node('b'),
  lease('b'),
];

/** The same, as they look from below. */
export const otherHosts: readonly Host[] = [
  serverHost(),
  host('b', {
    declared: { addresses: ['192.0.2.12'] },
    k3s: healthy('k3s', { nodeName: 'b' }),
  }),
];

export function serverHost(changes: Partial<Host> = {}): Host {
  return host('srv', {
    declared: { addresses: ['192.0.2.10'] },
    k3s: healthy('k3s', { role: 'server', nodeName: 'srv', serverUrl: null }),
    units: known([unit('k3s.service')]),
    serverPath: { state: 'absent' },
    ...changes,
  });
}

/** Node `a` while the API still says Ready: it was last heard of so many seconds ago. */
export function stale(seconds: number): readonly RawObject[] {
  return [...others, node('a'), lease('a', { renewed: ago(seconds) })];
}

/** Node `a` after the grace period: last heard of so many seconds ago. */
export function dead(seconds: number): readonly RawObject[] {
  const since = ago(seconds - 50);
  const taint = { key: 'node.kubernetes.io/unreachable', timeAdded: since };
  const taints = ['NoSchedule', 'NoExecute'].map((effect) => ({ ...taint, effect }));
  return [
    ...others,
    node('a', { ready: 'Unknown', since, taints }),
    lease('a', { renewed: ago(seconds) }),
  ];
}

/** A pod on `a` that its Service still lists as ready. */
export const listed: readonly RawObject[] = [
  pod('web-1', { node: 'a', labels: { app: 'web' } }),
  pod('web-2', { node: 'b', labels: { app: 'web' } }),
  service('web', { selector: { app: 'web' } }, { namespace: 'default' }),
  endpointSlice(
    'web',
    [
      { addresses: ['10.42.1.5'], nodeName: 'a', conditions: { ready: true } },
      { addresses: ['10.42.2.5'], nodeName: 'b', conditions: { ready: true } },
    ],
    { name: 'web-x', namespace: 'default' },
  ),
];

/** It ends seconds after each start, and has written this. */
export function failing(text: string, changes: Partial<Unit> = {}): Pick<Host, 'units'> {
  const restart = { text: 'k3s-agent.service: Scheduled restart job, restart counter is at 9.' };
  return {
    units: known([
      unit('k3s-agent.service', {
        activeState: 'activating',
        subState: 'auto-restart',
        result: 'exit-code',
        exitStatus: 1,
        restarts: 9,
        stateChangedAt: before(2),
        startedAt: before(9),
        exitedAt: before(2),
        log: [
          { ...restart, at: before(14) },
          { at: before(9), text },
          { ...restart, at: before(2) },
        ],
        ...changes,
      }),
    ]),
  };
}
