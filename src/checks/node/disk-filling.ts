import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { hour, minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { hasRole, type KubeletSummary, type Node } from '../../model/objects/node.ts';
import type { Event } from '../../model/objects/pod.ts';

export const check = defineCheck({
  code: 'EK2006',
  id: 'node/disk-filling',
  title: 'Disk of a node filling up',
  layer: 'node',
  kind: 'event',
  severity: 'critical',
  maturity: 'stable',
  reads: ['nodes', 'kubeletsummaries'],
  wants: ['events'],
  explains: [
    {
      effect: 'node/pressure',
      tie: 'same-subject',
      strength: 0.8,
      within: Infinity,
      signature: { pressures: ['DiskPressure'] },
    },
    // Only a server carries the datastore.
    {
      effect: 'control-plane/api-slow',
      tie: 'cluster',
      strength: 0.4,
      within: 24 * hour,
      when: { server: true },
    },
  ],
  options: z.object({
    usedPercent: z
      .number()
      .default(80)
      .describe('how full a file system may be; image collection frees down to this'),
    eventMs: z
      .number()
      .default(15 * minute)
      .describe('how recent a failed image collection must be: the kubelet tries every 5 minutes'),
  }),
  subjects: ({ nodes }) => nodes,
  judge(node, { kubeletsummaries, events, now }, { usedPercent, eventMs }) {
    const { name } = node.metadata;
    const summary = kubeletsummaries.find((each) => each.metadata.name === name);
    const disks = disksOf(summary);
    const fullest = disks[0];
    if (!fullest) {
      const detail = summary?.unknown?.detail ?? 'its kubelet gave no size of its file systems';
      const severity = isServer(node) ? 'critical' : 'high';
      return { verdict: 'unknown', reason: 'no-answer', detail, severity };
    }
    if (fullest.usedPercent <= usedPercent) return undefined;
    const failures = events.state === 'known' ? events.value.filter(isAbout(node)) : [];
    const failing = failures.some((each) => now - (parseTime(each.lastTimestamp) ?? 0) <= eventMs);
    const measured = fullest.measuredAt ?? now;
    const said = failing ? failures.flatMap((each) => parseTime(each.firstTimestamp) ?? []) : [];
    const server = isServer(node);
    return {
      verdict: 'fail',
      severity: server ? 'critical' : 'high',
      onset: { from: null, to: Math.min(measured, ...said) },
      facts: {
        name,
        fileSystem: fullest.fileSystem,
        usedPercent: Math.floor(fullest.usedPercent),
        freeBytes: fullest.freeBytes,
        server,
        collection: events.state !== 'known' ? 'not-seen' : failing ? 'failing' : 'no-complaint',
        diskPressure: conditionOf(node.status.conditions, 'DiskPressure')?.status === 'True',
      },
      evidence: [
        {
          object: { kind: 'KubeletSummary', name },
          field: `${fullest.field}.availableBytes`,
          value: fullest.freeBytes,
          at: measured,
        },
      ],
    };
  },
});

interface Disk {
  readonly fileSystem: 'node' | 'images';
  readonly field: string;
  readonly usedPercent: number;
  readonly freeBytes: number;
  readonly measuredAt: Millis | undefined;
}

function isServer(node: Node): boolean {
  return hasRole(node, 'control-plane', 'master', 'etcd');
}

/** Those whose size is known, fullest first. The kubelet evicts by what is available, not by use. */
function disksOf(summary: KubeletSummary | undefined): readonly Disk[] {
  const seen = [
    { fileSystem: 'node', field: 'node.fs', disk: summary?.node?.fs },
    { fileSystem: 'images', field: 'node.runtime.imageFs', disk: summary?.node?.runtime?.imageFs },
  ] as const;
  return seen
    .flatMap(({ disk, ...where }): Disk[] => {
      const { availableBytes: freeBytes, capacityBytes } = disk ?? {};
      if (typeof freeBytes !== 'number' || !capacityBytes) return [];
      const usedPercent = 100 * (1 - freeBytes / capacityBytes);
      return [{ ...where, usedPercent, freeBytes, measuredAt: parseTime(disk?.time) }];
    })
    .sort((a, b) => b.usedPercent - a.usedPercent);
}

/** At its start a kubelet also says ImageGCFailed, of statistics that it does not have yet. */
function isAbout(node: Node): (event: Event) => boolean {
  return ({ involvedObject, reason, message }) =>
    involvedObject.kind === 'Node' &&
    involvedObject.name === node.metadata.name &&
    (reason === 'ImageGCFailed' || reason === 'FreeDiskSpaceFailed') &&
    /to free (sufficient|\d)/.test(message ?? '');
}
