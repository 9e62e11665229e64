import { minute } from '../../lib/time.ts';
import type { Explains, Match } from '../check.ts';

const effect = 'edge/haproxy-backend-down';

/** HAProxy asks every few seconds; the controller gives a node its grace. */
const lead = 2 * minute;

/** Its check got no answer: what the dead leave behind, unlike an answer that says no. */
const signature = { result: 'no-connection' };

/**
 * What a load balancer in front makes of a dead node: its own server goes, and those of healthy nodes
 * fail now and then, as long as their NodePorts choose endpoints on the dead one.
 */
export const losesHaproxy: readonly Explains[] = [
  { effect, tie: 'node-haproxy', strength: 0.7, within: Infinity, lead },
  { effect, tie: 'node-nodeports', strength: 0.5, within: Infinity, lead, signature },
];

/** A refusal shows that somebody is there. */
const unanswered = { ...signature, checkSaid: /^(?!.*refused)/i };

/**
 * The same of what takes a whole machine off the network. HAProxy notices within seconds, Kubernetes up
 * to 50 s later: until then no finding about the node lies between, and after that it speaks itself. A
 * little weaker than that finding, so that it is in the chain once it is there.
 */
export function losesHaproxyAtOnce(of: 'host' | 'link', when?: Match): readonly Explains[] {
  const rule = { within: 2 * minute, lead, signature: unanswered, ...(when && { when }) };
  return [
    { effect, tie: `${of}-haproxy`, strength: 0.6, ...rule },
    { effect, tie: `${of}-nodeports`, strength: 0.4, ...rule },
  ];
}

/** The same, of the endpoints that stay listed. */
export const misleadsHaproxy: readonly Explains[] = [
  { effect, tie: 'service-haproxy', strength: 0.6, within: Infinity, lead, signature },
];
