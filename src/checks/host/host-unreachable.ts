import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { kubeletWord } from '../../model/kubernetes/kubelet-word.ts';
import { silencesNode, stopsServer } from '../../model/kubernetes/silenced.ts';
import { containerState } from '../../model/objects/host/container-state.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Way, WayFailure } from '../../model/objects/host/reach.ts';
import { refOf } from '../../model/ref.ts';

/** Failures of the way itself. After any other the host is there, and it is we who may not look. */
const silences: ReadonlySet<WayFailure> = new Set<WayFailure>([
  'refused',
  'timed-out',
  'unreachable',
  'cut',
]);

export const check = defineCheck({
  code: 'EK1022',
  id: 'host/host-unreachable',
  title: 'Host out of reach',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes', 'leases'],
  explains: [
    ...silencesNode(0.9),
    ...stopsServer,
    { effect: 'host/host-unreachable', tie: 'host-guests', strength: 0.9, within: Infinity },
  ],
  unseen: {
    candidates: ['a stopped container', 'the host being off', 'its link', 'its ssh server'],
    decide: 'ping -c 3 {name}',
    shared: [
      { what: 'a switch', as: 'switch' },
      { what: 'a hypervisor', as: 'hypervisor', decide: 'ping -c 3 {name}' },
      { what: 'a power supply' },
      { what: 'the way from here to all of them', as: 'our-way' },
    ],
    // One that refuses is there, and so is all that it stands on.
    sharedWhen: { why: ['timed-out', 'unreachable', 'cut', 'through'] },
  },
  options: z.object({}),
  subjects: ({ hosts }) => hosts,
  judge(host, { now, topology }) {
    const { reach, ways, declared, metadata } = host;
    // A container that does not run has a finding of its own.
    if (reach.state === 'answered' || containerState(host)) return undefined;
    const node = topology.nodeOfHost.get(metadata.name);
    const word = kubeletWord(node?.metadata.name, topology, now);
    // A way that leads through a silent host says nothing of what lies behind: the API may.
    const silent = failuresOf(host).some((each) => silences.has(each));
    if (!silent && !(reach.reason === 'through' && word.state === 'silent')) {
      const { reason, detail } = reach;
      const why = reason === 'denied' || reason === 'no-sudo' ? 'forbidden' : 'unreachable';
      return { verdict: 'unknown', reason: why, detail };
    }
    return {
      verdict: 'fail',
      severity: declared.optional ? 'low' : 'high',
      onset: { from: null, to: word.state === 'silent' ? word.silentAt : now },
      facts: {
        name: metadata.name,
        why: reach.reason,
        detail: reach.detail,
        ways: ways.filter(({ outcome }) => outcome !== 'not-tried').map(wayText),
        node: node?.metadata.name ?? '',
        kubelet: node ? word.state : 'no-node',
        hypervisor: declared.hypervisor ?? '',
        switch: declared.switch ?? '',
        ...k3sRole(host, topology),
      },
      evidence: ways
        .filter(({ outcome }) => outcome !== 'not-tried')
        .map(({ name, outcome }) => ({
          object: refOf(host),
          field: `ways[${name}].outcome`,
          value: outcome,
          at: now,
        })),
    };
  },
});

function failuresOf({ reach, ways }: Host): readonly WayFailure[] {
  const tried = ways.flatMap(({ outcome }) =>
    outcome === 'answered' || outcome === 'not-tried' ? [] : outcome,
  );
  return reach.state === 'silent' ? [reach.reason, ...tried] : tried;
}

function wayText({ name, outcome }: Way): string {
  return `${name}: ${outcome}`;
}
