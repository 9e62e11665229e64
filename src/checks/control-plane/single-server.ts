import * as z from 'zod';
import { defineCheck, type View } from '../../model/check.ts';
import { notSeen } from '../../model/facet.ts';
import { hasRole, type Node } from '../../model/objects/node.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK3002',
  id: 'control-plane/single-server',
  title: 'Single server',
  layer: 'control-plane',
  kind: 'posture',
  severity: 'high',
  maturity: 'stable',
  reads: ['nodes'],
  wants: ['persistentvolumes'],
  explains: [
    { effect: 'node/not-ready', tie: 'same-subject', strength: 1, within: Infinity },
    {
      effect: 'control-plane/controller-manager-silent',
      tie: 'cluster',
      strength: 1,
      within: Infinity,
    },
  ],
  options: z.object({}),
  subjects: ({ nodes }) => nodes.filter((node) => isServer(node) || isMember(node)),
  judge(node, view) {
    const { nodes, now } = view;
    const why = onlyOne(node, nodes);
    if (!why) return undefined;
    const sharedVolumes = volumesAllServedBy(node, view);
    const severity = nodes.length === 1 ? 'low' : sharedVolumes > 0 ? 'high' : 'medium';
    const role = why === 'only-server' ? 'control-plane' : 'etcd';
    return {
      verdict: 'fail',
      severity,
      onset: { from: null, to: now },
      facts: {
        name: node.metadata.name,
        why,
        nodes: nodes.length,
        sharedVolumes,
        notSeen: notSeen({ persistentvolumes: view.persistentvolumes }),
      },
      evidence: [
        {
          object: refOf(node),
          field: `metadata.labels[node-role.kubernetes.io/${role}]`,
          value: true,
          at: now,
        },
      ],
    };
  },
});

function isServer(node: Node): boolean {
  return hasRole(node, 'control-plane', 'master');
}

function isMember(node: Node): boolean {
  return hasRole(node, 'etcd');
}

function onlyOne(node: Node, nodes: readonly Node[]): string | undefined {
  if (isServer(node) && nodes.filter(isServer).length === 1) return 'only-server';
  if (isMember(node) && nodes.filter(isMember).length === 1) return 'only-etcd-member';
  return undefined;
}

/** How many shared volumes there are, if this node's addresses serve every one of them; else 0. */
function volumesAllServedBy(
  { status }: Node,
  { persistentvolumes }: View<'nodes', 'persistentvolumes'>,
): number {
  if (persistentvolumes.state !== 'known') return 0;
  const here = new Set(status.addresses?.map((each) => each.address));
  const shared = persistentvolumes.value.filter(
    ({ spec }) => spec.nfs || spec.accessModes?.includes('ReadWriteMany'),
  );
  return shared.every(({ spec }) => spec.nfs && here.has(spec.nfs.server)) ? shared.length : 0;
}
