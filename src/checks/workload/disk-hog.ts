import * as z from 'zod';
import { parseQuantity } from '../../lib/quantity.ts';
import { hour, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { listed } from '../../model/facet.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import type { KubeletSummary } from '../../model/objects/node.ts';
import { identityOf, isFinished, type Pod, unreadySince } from '../../model/objects/pod.ts';
import { refOf } from '../../model/ref.ts';

/** Stands for every kubelet at once, when none may be asked. */
const everyKubelet: KubeletSummary = { kind: 'KubeletSummary', metadata: { name: '*' } };

export const check = defineCheck({
  code: 'EK7009',
  id: 'workload/disk-hog',
  title: 'Pod takes most of a disk',
  layer: 'workload',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['pods'],
  wants: ['kubeletsummaries'],
  explains: [
    {
      effect: 'node/disk-filling',
      tie: 'pod-node',
      strength: 0.9,
      within: Infinity,
      signature: { fileSystem: 'node' },
    },
    {
      effect: 'node/pressure',
      tie: 'pod-node',
      strength: 0.7,
      within: Infinity,
      signature: { pressures: ['DiskPressure'] },
    },
    {
      effect: 'host/disk-full',
      tie: 'pod-host',
      strength: 0.95,
      within: Infinity,
      signature: { holder: ['pod', 'unknown'] },
    },
  ],
  options: z.object({
    fullPercent: z.number().default(80).describe('up to here it does not matter who fills a disk'),
    sharePercent: z.number().default(30).describe('the share of a disk that is much for one pod'),
    evictedBytes: z
      .number()
      .default(10 * 2 ** 30)
      .describe('what is much for an evicted pod, where the size of the disk is not known'),
    recentMs: z.number().default(hour).describe('how long an eviction is of interest'),
  }),
  subjects({ pods, kubeletsummaries }): readonly (Pod | KubeletSummary)[] {
    if (kubeletsummaries.state !== 'known') return [...pods.filter(isEvicted), everyKubelet];
    const measured = kubeletsummaries.value.filter((each) => diskOf(each));
    const nodes = new Set(measured.map((each) => each.metadata.name));
    const isMeasured = (pod: Pod): boolean =>
      !isFinished(pod) && nodes.has(pod.spec.nodeName ?? '');
    return [
      ...pods.filter((pod) => isEvicted(pod) || isMeasured(pod)),
      // A kubelet that does not answer hides all of its pods: one word for them together.
      ...kubeletsummaries.value.filter((each) => !nodes.has(each.metadata.name)),
    ];
  },
  judge(subject, { now, kubeletsummaries }, { fullPercent, sharePercent, evictedBytes, recentMs }) {
    if (subject.kind === 'KubeletSummary') {
      if (kubeletsummaries.state === 'unknown') {
        const { reason, detail } = kubeletsummaries;
        return { verdict: 'unknown', reason, detail: `kubeletsummaries: ${detail}` };
      }
      const silent = subject.unknown?.detail;
      if (silent) return { verdict: 'unknown', reason: 'no-answer', detail: silent };
      const detail = 'its kubelet gave no size of its disk';
      return { verdict: 'unknown', reason: 'malformed', detail };
    }
    const { nodeName } = subject.spec;
    const summary = listed(kubeletsummaries).find((each) => each.metadata.name === nodeName);
    const disk = diskOf(summary);
    const wasEvicted = isEvicted(subject);
    const since = wasEvicted ? evictedAt(subject) : now;
    const matters = wasEvicted || (disk !== undefined && disk.fullPercent > fullPercent);
    if (!matters || since === undefined || now - since > recentMs) return undefined;
    const use = wasEvicted ? useInMessage(subject) : useInSummary(subject, summary);
    if (use.usedBytes === undefined) {
      const detail = 'its kubelet has not measured what it writes';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    const share = disk && (100 * use.usedBytes) / disk.capacityBytes;
    if (share === undefined ? use.usedBytes < evictedBytes : share < sharePercent) return undefined;
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to: since },
      facts: {
        ...identityOf(subject),
        why: wasEvicted ? 'evicted' : 'filling',
        usedBytes: use.usedBytes,
        ...(share === undefined ? {} : { ...disk, sharePercent: Math.floor(share) }),
      },
      evidence: [{ ...use.evidence, at: since }],
    };
  },
});

/** Evicted for the node's sake; a pod over its own limit was stopped in time. */
function isEvicted({ status: { reason, message } }: Pod): boolean {
  return reason === 'Evicted' && /low on resource: ephemeral-storage/.test(message ?? '');
}

function evictedAt(pod: Pod): number | undefined {
  const target = conditionOf(pod.status.conditions, 'DisruptionTarget');
  return parseTime(target?.lastTransitionTime) ?? unreadySince(pod);
}

interface Use {
  readonly usedBytes: number | undefined;
  readonly evidence: {
    readonly object: ReturnType<typeof refOf>;
    readonly field: string;
    readonly value: string | number | null;
  };
}

/** `Container main was using 35Gi, request is 0`, once for each container. */
function useInMessage(pod: Pod): Use {
  const value = pod.status.message ?? '';
  const used = [...value.matchAll(/was using (\S+), request is/g)];
  const usedBytes = used.reduce((sum, [, quantity]) => sum + (parseQuantity(quantity) ?? 0), 0);
  return { usedBytes, evidence: { object: refOf(pod), field: 'status.message', value } };
}

function useInSummary(pod: Pod, summary: KubeletSummary | undefined): Use {
  const { name, namespace } = pod.metadata;
  const stats = summary?.pods?.find(
    ({ podRef }) => podRef.name === name && podRef.namespace === namespace,
  );
  const usedBytes = stats?.['ephemeral-storage']?.usedBytes ?? undefined;
  const field = `pods[${namespace}/${name}].ephemeral-storage.usedBytes`;
  return {
    usedBytes,
    evidence: { object: refOf(summary ?? pod), field, value: usedBytes ?? null },
  };
}

/** How full by what is available, as the kubelet decides: capacity minus use would be more. */
function diskOf(
  summary: KubeletSummary | undefined,
): { readonly capacityBytes: number; readonly fullPercent: number } | undefined {
  const { availableBytes, capacityBytes } = summary?.node?.fs ?? {};
  if (typeof availableBytes !== 'number' || !capacityBytes) return undefined;
  return {
    capacityBytes,
    fullPercent: Math.floor(1000 * (1 - availableBytes / capacityBytes)) / 10,
  };
}
