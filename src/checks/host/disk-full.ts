import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { silencesNode } from '../../model/kubernetes/silenced.ts';
import type { FileSystem } from '../../model/objects/host/disk.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';
import { keyOf, type Topology } from '../../model/topology.ts';

/** From this share of a disk on, one pod or file is what fills it. */
const mostOfIt = 0.3;

/** With some room left pods are evicted, and k3s itself goes on. */
const exhausted = { exhausted: true } as const;

/** Less than this is no room: what is kept for root is not counted as free. */
const exhaustedPercent = 1;

export const check = defineCheck({
  code: 'EK1021',
  id: 'host/disk-full',
  title: 'Disk of the host full',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['pods'],
  explains: [
    { effect: 'node/disk-filling', tie: 'host-node', strength: 0.95, within: Infinity },
    {
      effect: 'node/pressure',
      tie: 'host-node',
      strength: 0.9,
      within: Infinity,
      signature: { pressures: ['DiskPressure'] },
    },
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.8,
      within: Infinity,
      signature: { why: 'disk-full' },
    },
    {
      effect: 'workload/image-pull',
      tie: 'host-pods',
      strength: 0.5,
      within: Infinity,
      signature: { message: /no space left on device/ },
    },
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.5,
      within: Infinity,
      when: exhausted,
      signature: { why: 'unknown' },
    },
    ...silencesNode(0.3, exhausted),
  ],
  unseen: {
    // A file of the machine's own is the end of the search; a pod is not.
    when: { holder: ['pod', 'unknown'] },
    candidates: ['what fills it: a pod, its logs, images or a file'],
    decide: "ssh {name} 'du -xh -d 4 / 2>/dev/null | sort -h | tail -n 20'",
  },
  options: z.object({
    freePercent: z.number().default(10).describe('how much of a file system must be free'),
    criticalPercent: z
      .number()
      .default(5)
      .describe('from here down k3s evicts pods, and a datastore may stop'),
  }),
  subjects: ({ hosts }) => hosts,
  judge(host, { now, topology }, { freePercent, criticalPercent }) {
    const { fileSystems } = host;
    if (fileSystems.state === 'unknown') return unseen(fileSystems);
    if (fileSystems.state === 'absent') return undefined;
    const full = fileSystems.value
      .filter(({ holds, options }) => holds.length > 0 && !options.includes('ro'))
      .flatMap((each) => {
        const percent = freeOf(each);
        return percent === undefined ? [] : [{ ...each, percent }];
      })
      .filter(({ percent }) => percent < freePercent)
      .sort((a, b) => a.percent - b.percent);
    const [fullest] = full;
    if (!fullest) return undefined;
    const { target, holds, percent, sizeBytes, availableBytes } = fullest;
    return {
      verdict: 'fail',
      severity: percent < criticalPercent ? 'critical' : 'high',
      onset: { from: null, to: now },
      facts: {
        name: host.metadata.name,
        mount: target,
        mounts: full.map((each) => each.target),
        holds,
        freePercent: percent,
        exhausted: percent < exhaustedPercent,
        freeBytes: availableBytes ?? 0,
        sizeBytes: sizeBytes ?? 0,
        ...holderOf(host, fullest, topology),
      },
      evidence: [
        {
          object: refOf(host),
          field: `fileSystems[${target}].availableBytes`,
          value: availableBytes ?? 0,
          at: now,
        },
      ],
    };
  },
});

function freeOf({ sizeBytes, availableBytes }: FileSystem): number | undefined {
  if (!sizeBytes || typeof availableBytes !== 'number') return undefined;
  return (100 * availableBytes) / sizeBytes;
}

interface Holder {
  /** What holds most of it; `unknown` where nothing alone does, or nobody could look. */
  readonly holder: 'pod' | 'file' | 'unknown';
  readonly largest: readonly string[];
  readonly pod?: string;
  readonly path?: string;
  readonly holderBytes?: number;
}

function holderOf({ usage }: Host, { sizeBytes }: FileSystem, topology: Topology): Holder {
  const found = usage.state === 'known' ? usage.value.toSorted((a, b) => b.bytes - a.bytes) : [];
  const largest = found.slice(0, 5).map(({ path }) => path);
  const [most] = found;
  if (!most || !sizeBytes || most.bytes < mostOfIt * sizeBytes)
    return { holder: 'unknown', largest };
  const seen = { largest, path: most.path, holderBytes: most.bytes };
  if (!most.podUid) return { holder: 'file', ...seen };
  const pod = [...topology.pods.values()].find(({ metadata }) => metadata.uid === most.podUid);
  return { holder: 'pod', pod: pod ? keyOf(pod) : most.podUid, ...seen };
}
