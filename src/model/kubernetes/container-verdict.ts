import type { Millis } from '../../lib/clock.ts';
import type { Verdict } from '../check.ts';
import { type ContainerState, containerState } from '../objects/host/container-state.ts';
import type { Host } from '../objects/host/host.ts';
import { refOf } from '../ref.ts';
import type { Topology } from '../topology.ts';
import { k3sRole } from './k3s-role.ts';
import { kubeletWord } from './kubelet-word.ts';

/** What the hypervisor's word of a container means for its host: proof, where there is one. */
export function containerVerdict(
  host: Host,
  wrong: ContainerState['state'],
  { now, topology }: { readonly now: Millis; readonly topology: Topology },
): Verdict {
  const { reach, declared, metadata } = host;
  const said = containerState(host);
  if (!said) {
    if (reach.state === 'answered') return undefined;
    return { verdict: 'unknown', reason: 'unreachable', detail: reach.detail };
  }
  if (said.state !== wrong) return undefined;
  const node = topology.nodeOfHost.get(metadata.name);
  const word = kubeletWord(node?.metadata.name, topology, now);
  const field = `ways[${said.way}].outcome`;
  return {
    verdict: 'fail',
    severity: declared.optional ? 'low' : 'critical',
    onset: { from: null, to: word.silentAt },
    facts: {
      name: metadata.name,
      way: said.way,
      detail: said.detail,
      node: node?.metadata.name ?? '',
      hypervisor: declared.hypervisor ?? '',
      ...said.container,
      ...k3sRole(host, topology),
    },
    evidence: [{ object: refOf(host), field, value: `container-${wrong}`, at: now }],
  };
}
