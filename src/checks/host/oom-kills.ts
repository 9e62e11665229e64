import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { hour, parseTime, second } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { k3sUnit } from '../../model/kubernetes/k3s-unit.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { KernelRecord } from '../../model/objects/host/kernel.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { containerStatuses } from '../../model/objects/pod.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

/** The kubelet notices the end of a container this much later, at most. */
const sameMomentMs: Millis = 10 * second;

/** Without these there is no node. */
const vital = /^(k3s|kubelet|containerd|systemd)/;

export const check = defineCheck({
  code: 'EK1014',
  id: 'host/oom-kills',
  title: 'Kernel ran out of memory',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['pods', 'nodes'],
  explains: [
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.7,
      within: Infinity,
      when: { vital: true },
      signature: { why: ['killed', 'unknown'] },
    },
    {
      effect: 'workload/crash-loop',
      tie: 'host-pods',
      strength: 0.5,
      within: Infinity,
      when: { whose: 'here', wholeMachine: true },
      signature: { why: 'oom' },
    },
  ],
  options: z.object({
    recentMs: z
      .number()
      .default(24 * hour)
      .describe('how long a kill is of interest'),
  }),
  subjects: ({ hosts }) => hosts,
  judge(host, { now, topology }, { recentMs }) {
    const { kernel } = host;
    if (kernel.state === 'unknown') return unseen(kernel);
    if (kernel.state === 'absent') return undefined;
    const { records, shared } = kernel.value;
    const kills = records
      .filter((record) => record.class === 'oom-kill' && now - record.at <= recentMs)
      .map((record) => ({ ...record, whose: shared ? whoseIs(record, host, topology) : 'here' }))
      .filter(({ whose }) => whose !== 'another');
    const ours = kills.filter(({ whose }) => whose === 'here');
    const newest = (ours.length > 0 ? ours : kills).at(-1);
    if (!newest) return undefined;
    // A pod at its own limit is stopped in time, and the machine is well.
    const wholeMachine = ours.some(({ text }) => !text.startsWith('Memory cgroup'));
    const isVital = ours.some(({ about }) => vital.test(about ?? ''));
    const severity = ours.length === 0 ? 'low' : wholeMachine || isVital ? 'high' : 'medium';
    return {
      verdict: 'fail',
      severity,
      onset: { from: null, to: Math.min(...kills.map(({ at }) => at)) },
      facts: {
        name: host.metadata.name,
        whose: newest.whose,
        process: newest.about ?? 'unknown',
        kills: kills.reduce((sum, { count }) => sum + count, 0),
        wholeMachine,
        vital: isVital,
        lastAt: newest.at,
      },
      evidence: [
        { object: refOf(host), field: 'kernel.records', value: newest.text, at: newest.at },
      ],
    };
  },
});

/** One log for all guests of a machine: what ended at that very moment tells whose the victim was. */
function whoseIs(
  record: KernelRecord,
  host: Host,
  topology: Topology,
): 'here' | 'another' | 'unknown' {
  const isThen = (at: number | null | undefined): boolean =>
    typeof at === 'number' && Math.abs(at - record.at) <= sameMomentMs;
  const unit = k3sUnit(host);
  if (unit.state === 'known' && unit.value.exitSignal === 'KILL' && isThen(unit.value.exitedAt)) {
    return 'here';
  }
  const own = topology.nodeOfHost.get(host.metadata.name)?.metadata.name;
  const victims = [...topology.pods.values()].filter((pod) =>
    containerStatuses(pod).some(({ lastState }) => {
      const { reason, finishedAt } = lastState?.terminated ?? {};
      return reason === 'OOMKilled' && isThen(parseTime(finishedAt));
    }),
  );
  if (victims.length === 0) return 'unknown';
  return victims.some(({ spec }) => spec.nodeName === own) ? 'here' : 'another';
}
