import { minute } from '../../lib/time.ts';
import type { Explains, Tie } from '../check.ts';

const effect = 'edge/haproxy-backend-down';

/** HAProxy asks every few seconds; the controller gives a node its grace. */
const lead = 2 * minute;

/** Its check got no word back: what the dead leave behind, unlike an answer that says no. */
const signature = { result: 'no-connection' };

/**
 * What a load balancer in front makes of a dead node: its own server goes, and those of healthy nodes
 * fail now and then, as long as their NodePorts choose endpoints on the dead one.
 */
export const losesHaproxy: readonly Explains[] = [
  { effect, tie: 'node-haproxy', strength: 0.7, within: Infinity, lead },
  { effect, tie: 'node-nodeports', strength: 0.5, within: Infinity, lead, signature },
];

/**
 * The same of what makes a node dead. HAProxy notices within seconds, Kubernetes up to 50 s later: until
 * then no finding about the node lies between. A little weaker than that finding, which then is in the
 * chain.
 */
export function losesHaproxyAtOnce(of: 'host' | 'link'): readonly Explains[] {
  const own: Tie = `${of}-haproxy`;
  const others: Tie = `${of}-nodeports`;
  return [
    { effect, tie: own, strength: 0.6, within: Infinity, lead, signature },
    { effect, tie: others, strength: 0.4, within: Infinity, lead, signature },
  ];
}

/** The same, of the endpoints that stay listed. */
export const misleadsHaproxy: readonly Explains[] = [
  { effect, tie: 'service-haproxy', strength: 0.6, within: Infinity, lead, signature },
];
