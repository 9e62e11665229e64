import type { Explains, Match } from '../check.ts';

/**
 * What a host does to its node when its kubelet cannot speak: the Lease stands still, later the
 * controller says so. For as long as it lasts.
 */
export function silencesNode(strength: number, when?: Match): readonly Explains[] {
  const rule = { tie: 'host-node', strength, within: Infinity, ...(when && { when }) } as const;
  return [
    { effect: 'node/lease-stale', ...rule },
    { effect: 'node/not-ready', ...rule },
  ];
}

/**
 * What goes with a server: the API, where this is the one that we ask; and an agent that starts anew
 * waits for one and never comes up.
 */
export const stopsServer: readonly Explains[] = [
  {
    effect: 'control-plane/api-unreachable',
    tie: 'host-api',
    strength: 0.95,
    within: Infinity,
  },
  {
    effect: 'host/unit-failed',
    tie: 'cluster',
    strength: 0.9,
    within: Infinity,
    when: { role: 'server', servers: 1 },
    signature: { why: 'server-unreachable' },
  },
];
