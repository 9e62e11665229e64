import * as z from 'zod';
import { hour, parseTime } from '../../lib/time.ts';
import { defineCheck, type Verdict } from '../../model/check.ts';
import { type Facet, listed } from '../../model/facet.ts';
import type { Facts } from '../../model/finding.ts';
import {
  type Disk,
  diskOf,
  freedByGoing,
  isEvictedForDisk,
  type Use,
  useOf,
  useOfEvicted,
} from '../../model/kubernetes/disk-use.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import type { KubeletSummary } from '../../model/objects/node.ts';
import { identityOf, isFinished, type Pod, unreadySince } from '../../model/objects/pod.ts';

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
  unseen: {
    // It went, and the disk is free again: that tells of itself only if nothing else was removed.
    when: { why: 'freed' },
    candidates: ['somebody who removed a file just then'],
    decide:
      'kubectl get pods -A -o wide | grep {name}; kubectl get events -A --field-selector reason=Evicted',
  },
  options: z.object({
    fullPercent: z.number().default(80).describe('up to here it does not matter who fills a disk'),
    sharePercent: z.number().default(30).describe('the share of a disk that is much for one pod'),
    evictedBytes: z
      .number()
      .default(10 * 2 ** 30)
      .describe('what is much for an evicted pod, where the size of the disk is not known'),
    recentMs: z.number().default(hour).describe('how long an eviction is of interest'),
  }),
  subjects({ pods, kubeletsummaries, topology }): readonly (Pod | KubeletSummary)[] {
    const summaries = listed(kubeletsummaries);
    const byNode = new Map(summaries.map((each) => [each.metadata.name, each]));
    const isMeasured = ({ spec: { nodeName } }: Pod): boolean =>
      diskOf(nodeName, byNode.get(nodeName ?? ''), topology) !== undefined;
    return [
      ...pods.filter((pod) => isEvictedForDisk(pod) || (!isFinished(pod) && isMeasured(pod))),
      // A kubelet that does not answer hides all of its pods: one word for them together.
      ...(kubeletsummaries.state === 'known' ? [] : [everyKubelet]),
      ...summaries.filter((each) => !diskOf(each.metadata.name, each, topology)),
    ];
  },
  judge(subject, view, { fullPercent, sharePercent, evictedBytes, recentMs }) {
    const { now, kubeletsummaries, pods, topology } = view;
    if (subject.kind === 'KubeletSummary') return notMeasured(subject, kubeletsummaries);
    const { nodeName } = subject.spec;
    const summary = listed(kubeletsummaries).find((each) => each.metadata.name === nodeName);
    const disk = diskOf(nodeName, summary, topology);
    const wasEvicted = isEvictedForDisk(subject);
    const since = wasEvicted ? evictedAt(subject) : now;
    const matters = wasEvicted || (disk !== undefined && disk.fullPercent > fullPercent);
    if (!matters || since === undefined || now - since > recentMs) return undefined;
    const isMuch = ({ usedBytes = 0 }: Use): boolean =>
      disk ? 100 * usedBytes >= sharePercent * disk.capacityBytes : usedBytes >= evictedBytes;
    const told = wasEvicted ? useOfEvicted(subject) : useOf(subject, summary, topology);
    if (told.usedBytes === undefined) {
      const detail = 'its kubelet has not measured what it writes';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    const freed = wasEvicted && !isMuch(told) ? freedByGoing(subject, disk, pods) : undefined;
    const use = freed ?? told;
    if (!isMuch(use)) return undefined;
    const why = freed ? 'freed' : wasEvicted ? 'evicted' : 'filling';
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to: since },
      facts: {
        ...identityOf(subject),
        why,
        usedBytes: use.usedBytes ?? 0,
        ...shareOf(use, disk),
      },
      evidence: [{ ...use.evidence, at: since }],
    };
  },
});

function notMeasured(subject: KubeletSummary, summaries: Facet<unknown>): Verdict {
  if (summaries.state === 'unknown') {
    const { reason, detail } = summaries;
    return { verdict: 'unknown', reason, detail: `kubeletsummaries: ${detail}` };
  }
  const silent = subject.unknown?.detail;
  if (silent) return { verdict: 'unknown', reason: 'no-answer', detail: silent };
  const detail = 'its kubelet gave no size of its disk';
  return { verdict: 'unknown', reason: 'malformed', detail };
}

function shareOf({ usedBytes = 0 }: Use, disk: Disk | undefined): Facts {
  if (!disk) return {};
  const { capacityBytes, fullPercent } = disk;
  const sharePercent = Math.floor((100 * usedBytes) / capacityBytes);
  return { capacityBytes, fullPercent, sharePercent };
}

function evictedAt(pod: Pod): number | undefined {
  const target = conditionOf(pod.status.conditions, 'DisruptionTarget');
  return parseTime(target?.lastTransitionTime) ?? unreadySince(pod);
}
