import * as z from 'zod';
import { hour } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { carriesK3s } from '../../model/kubernetes/k3s-unit.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1019',
  id: 'host/disk-latency',
  title: 'Disk writes slowly',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes'],
  explains: [
    {
      effect: 'control-plane/api-slow',
      tie: 'cluster',
      strength: 0.7,
      within: Infinity,
      when: { role: 'server' },
    },
    {
      effect: 'control-plane/controller-manager-silent',
      tie: 'cluster',
      strength: 0.4,
      within: Infinity,
      when: { role: 'server' },
    },
    { effect: 'host/kubelet-silent', tie: 'same-subject', strength: 0.3, within: Infinity },
  ],
  options: z.object({
    slowMs: z.number().default(50).describe('a mean write that takes longer is slow'),
    verySlowMs: z
      .number()
      .default(200)
      .describe('on a server, from here on the datastore falls behind'),
    leastWrites: z.number().default(100).describe('with fewer writes nothing is said'),
  }),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now, topology }, { slowMs, verySlowMs, leastWrites }) {
    const { diskLatency } = host;
    if (diskLatency.state === 'unknown') return unseen(diskLatency);
    if (diskLatency.state === 'absent') return undefined;
    const [slowest] = diskLatency.value
      .filter(({ device, writes }) => writes >= leastWrites && isOurs(device, host))
      // Days that were well hide an hour that is not, and the other way round.
      .filter(({ span, overMs }) => span === 'interval' || overMs <= 24 * hour)
      .sort((a, b) => b.writeMs - a.writeMs);
    if (!slowest || slowest.writeMs < slowMs) return undefined;
    const { role } = k3sRole(host, topology);
    const { device, writeMs, writes, overMs, span } = slowest;
    return {
      verdict: 'fail',
      severity: role === 'server' && writeMs >= verySlowMs ? 'high' : 'medium',
      onset: { from: null, to: now },
      facts: { name: host.metadata.name, device, meanMs: writeMs, writes, overMs, span, role },
      evidence: [
        { object: refOf(host), field: `diskLatency[${device}].writeMs`, value: writeMs, at: now },
      ],
    };
  },
});

/** Below what holds k3s. Behind LVM, ZFS or a loop device no name leads down to the disk. */
function isOurs(device: string, { fileSystems }: Host): boolean {
  if (fileSystems.state !== 'known') return true;
  const sources = fileSystems.value
    .filter(({ holds }) => holds.length > 0)
    .map(({ source }) => source);
  const named = sources.filter((source) => /^\/dev\/(sd|nvme|vd|mmcblk|xvd)/.test(source));
  return named.length < sources.length || named.some((each) => each.startsWith(`/dev/${device}`));
}
