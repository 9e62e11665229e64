/**
 * What a kwok process makes of Nodes and Pods: kwok's own Stages, with what a kubelet does otherwise
 * put right, and one Stage of ours.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Bed } from './build.ts';

interface Correction {
  readonly stage: string;
  readonly from: string;
  readonly to: string;
}

const corrections: readonly Correction[] = [
  {
    // kwok dates every transition back to the Node's creation: a node that came back would look
    // as if it had never been away.
    stage: 'node-initialize.yaml',
    from: '{{ $lastTransitionTime := or .metadata.creationTimestamp $now }}',
    to: '{{ $lastTransitionTime := $now }}',
  },
  {
    // Kubelets have left this field empty since 1.31.
    stage: 'node-initialize.yaml',
    from: '{{ or $nodeInfo.kubeProxyVersion $kwokVersion }}',
    to: '""',
  },
  {
    // A heartbeat is no transition; conditions are merged by type, so the old time stays.
    stage: 'node-heartbeat-with-lease.yaml',
    from: '        lastTransitionTime: {{ $lastTransitionTime | Quote }}\n',
    to: '',
  },
  {
    // A kubelet with nothing new to say reports its status every five minutes.
    stage: 'node-heartbeat-with-lease.yaml',
    from: 'durationMilliseconds: 600000',
    to: 'durationMilliseconds: 300000',
  },
  {
    stage: 'node-heartbeat-with-lease.yaml',
    from: 'jitterDurationMilliseconds: 610000',
    to: 'jitterDurationMilliseconds: 310000',
  },
];

/**
 * The node lifecycle controller sets Ready=False on the pods of a lost node. A kubelet that returns
 * corrects that from what its containers say; kwok's Stages look at Pending pods only.
 */
const podReadyAgain = {
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name: 'pod-ready-again' },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Pod' },
    selector: {
      matchExpressions: [
        { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
        { key: '.status.phase', operator: 'In', values: ['Running'] },
        condition('ContainersReady', 'In'),
        condition('Ready', 'NotIn'),
      ],
    },
    next: {
      statusTemplate:
        'conditions:\n- lastTransitionTime: {{ Now | Quote }}\n  status: "True"\n  type: Ready\n',
    },
  },
};

const options = {
  apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
  kind: 'KwokConfiguration',
  options: { podPlayStageParallelism: 16, nodePlayStageParallelism: 8, nodeLeaseParallelism: 8 },
};

/** The text of a kwok configuration. Throws when a Stage is not what a correction expects. */
export function kwokConfiguration(bed: Bed): string {
  const published = readdirSync(bed.stages)
    .toSorted()
    .map((name) => corrected(name, readFileSync(path.join(bed.stages, name), 'utf8')));
  return [JSON.stringify(options), ...published, JSON.stringify(podReadyAgain)].join('\n---\n');
}

function corrected(stage: string, text: string): string {
  let result = text;
  for (const { from, to } of corrections.filter((correction) => correction.stage === stage)) {
    if (!result.includes(from)) throw new Error(`${stage} no longer has: ${from}`);
    result = result.replace(from, to);
  }
  return result;
}

function condition(type: string, operator: 'In' | 'NotIn'): Readonly<Record<string, unknown>> {
  const key = `.status.conditions.[] | select( .type == "${type}" ) | .status`;
  return { key, operator, values: ['True'] };
}
