import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { kubeletWord } from '../../model/kubernetes/kubelet-word.ts';
import { silencesNode, stopsServer } from '../../model/kubernetes/silenced.ts';
import { containerState } from '../../model/objects/host/container-state.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1023',
  id: 'host/container-stopped',
  title: 'Container is stopped',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes', 'leases'],
  explains: [...silencesNode(0.95), ...stopsServer],
  options: z.object({}),
  subjects: ({ hosts }) => hosts,
  judge(host, { now, topology }) {
    const { reach, declared, metadata } = host;
    const said = containerState(host);
    if (!said) {
      if (reach.state === 'answered') return undefined;
      return { verdict: 'unknown', reason: 'unreachable', detail: reach.detail };
    }
    if (said.state !== 'stopped') return undefined;
    const node = topology.nodeOfHost.get(metadata.name);
    const word = kubeletWord(node?.metadata.name, topology, now);
    return {
      verdict: 'fail',
      severity: declared.optional ? 'low' : 'critical',
      onset: { from: null, to: word.state === 'silent' ? word.silentAt : now },
      facts: {
        name: metadata.name,
        way: said.way,
        detail: said.detail,
        node: node?.metadata.name ?? '',
        hypervisor: declared.hypervisor ?? '',
        ...said.container,
        ...k3sRole(host, topology),
      },
      evidence: [
        {
          object: refOf(host),
          field: `ways[${said.way}].outcome`,
          value: 'container-stopped',
          at: now,
        },
      ],
    };
  },
});
