import * as z from 'zod';
import { parseQuantity } from '../../lib/quantity.ts';
import { hour, parseTime } from '../../lib/time.ts';
import { defineCheck, type View } from '../../model/check.ts';
import { listed } from '../../model/facet.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import type { KubeletSummary } from '../../model/objects/node.ts';
import { identityOf, isFinished, type Pod, unreadySince } from '../../model/objects/pod.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

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
  wants: ['kubeletsummaries', 'hosts'],
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
  judge(subject, view, { fullPercent, sharePercent, evictedBytes, recentMs }) {
    const { now, kubeletsummaries } = view;
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
    const use = wasEvicted ? useOfEvicted(subject, disk, view) : useInSummary(subject, summary);
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
        ...(disk && {
          capacityBytes: disk.capacityBytes,
          fullPercent: disk.fullPercent,
          sharePercent: Math.floor(share ?? 0),
        }),
      },
      evidence: [{ ...use.evidence, at: since }],
    };
  },
});

/** What the kubelet said when it ended a pod for the sake of the node's disk. */
const saysDisk = /low on resource: ephemeral-storage/;

/**
 * Evicted for the node's sake; a pod over its own limit was stopped in time. One whose containers
 * ended well on being told to is *Succeeded*, and only its condition tells.
 */
function isEvicted(pod: Pod): boolean {
  return saysDisk.test(evictionOf(pod));
}

function evictionOf({ status }: Pod): string {
  if (status.reason === 'Evicted') return status.message ?? '';
  return conditionOf(status.conditions, 'DisruptionTarget')?.message ?? '';
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

type Seen = Pick<View<'pods', 'hosts'>, 'pods' | 'topology'>;

/**
 * `Container main was using 35Gi, request is 0`, once for each container. What it wrote to an
 * `emptyDir` is not in that: where the containers wrote next to nothing and no other pod went, it is
 * what its going has freed.
 */
function useOfEvicted(pod: Pod, disk: Disk | undefined, { pods, topology }: Seen): Use {
  const value = evictionOf(pod);
  const told = [...value.matchAll(/was using (\S+), request is/g)];
  const toldBytes = told.reduce((sum, [, quantity]) => sum + (parseQuantity(quantity) ?? 0), 0);
  const { nodeName } = pod.spec;
  const went = pods.filter((each) => each.spec.nodeName === nodeName && isEvicted(each));
  const before = parseQuantity(/available: (\w+)/.exec(value)?.[1]);
  const after = Math.max(disk?.availableBytes ?? 0, availableOnHost(nodeName, topology));
  const wroteLittle = 100 * toldBytes < (disk?.capacityBytes ?? 0);
  const freedBytes = wroteLittle && went.length === 1 && before !== undefined ? after - before : 0;
  const field = pod.status.reason === 'Evicted' ? 'status.message' : 'status.conditions';
  const usedBytes = Math.max(toldBytes, freedBytes);
  return { usedBytes, evidence: { object: refOf(pod), field, value } };
}

/** Seen at once, while the kubelet measures its disk only now and then. 0 where it was not seen. */
function availableOnHost(nodeName: string | null | undefined, topology: Topology): number {
  const host = topology.hostOfNode.get(nodeName ?? '');
  if (host?.fileSystems.state !== 'known') return 0;
  const own = host.fileSystems.value.find(({ holds }) => holds.includes('kubelet'));
  return own?.availableBytes ?? 0;
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

interface Disk {
  readonly capacityBytes: number;
  readonly availableBytes: number;
  readonly fullPercent: number;
}

/** How full by what is available, as the kubelet decides: capacity minus use would be more. */
function diskOf(summary: KubeletSummary | undefined): Disk | undefined {
  const { availableBytes, capacityBytes } = summary?.node?.fs ?? {};
  if (typeof availableBytes !== 'number' || !capacityBytes) return undefined;
  return {
    capacityBytes,
    availableBytes,
    fullPercent: Math.floor(1000 * (1 - availableBytes / capacityBytes)) / 10,
  };
}
