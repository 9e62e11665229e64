import * as z from 'zod';
import { minute, parseTime } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { type Facet, notSeen } from '../../model/facet.ts';
import { kindOfFailure } from '../../model/kubernetes/crash-words.ts';
import { roleOfPod } from '../../model/kubernetes/role.ts';
import {
  type ContainerStatus,
  containerStatuses,
  type Event,
  identityOf,
  isMeantToRun,
  type Pod,
  type PodLog,
  seenAt,
  statusPath,
  unreadySince,
} from '../../model/objects/pod.ts';
import { refOf } from '../../model/ref.ts';
import { keyOf } from '../../model/topology.ts';

export const check = defineCheck({
  code: 'EK7001',
  id: 'workload/crash-loop',
  title: 'Container in a crash loop',
  layer: 'workload',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['pods'],
  wants: ['podlogs', 'events'],
  explains: [
    {
      effect: 'workload/rollout-stuck',
      tie: 'pod-workload',
      strength: 0.9,
      within: 30 * minute,
      lead: 15 * minute,
      signature: { why: 'pods-not-ready' },
    },
    {
      effect: 'network/service-without-endpoints',
      tie: 'pod-services',
      strength: 0.5,
      within: 30 * minute,
      lead: 15 * minute,
    },
    {
      effect: 'node/not-ready',
      tie: 'pod-node',
      strength: 0.7,
      within: 10 * minute,
      lead: 10 * minute,
      when: { role: 'network-plugin' },
      signature: { message: /\bcni\b|network plugin/i },
    },
    // Any driver: its other nodes are well, and what has a signature was never promised for all.
    {
      effect: 'storage/csi-not-registered',
      tie: 'pod-csi-nodes',
      strength: 0.8,
      within: Infinity,
      lead: 15 * minute,
      when: { role: 'csi-driver' },
      signature: { driver: /./ },
    },
  ],
  options: z.object({
    attemptMs: z
      .number()
      .default(2 * minute)
      .describe('how long a container just out of its back-off may run and still be in the loop'),
    backOffMs: z
      .number()
      .default(10 * minute)
      .describe('how long after its last back-off such a container may be in the loop'),
  }),
  subjects: ({ pods }) => pods.filter(isMeantToRun),
  judge(pod, { now, topology, podlogs, events }, options) {
    const backOffs = topology.eventsOf(pod).filter((each) => each.reason === 'BackOff');
    const backOffOf = ({ name }: ContainerStatus): Event | undefined =>
      backOffs.findLast((each) => each.message?.includes(`failed container ${name} in`));
    const status = containerStatuses(pod).find(
      (each) => isBackingOff(each) || isNextAttempt(each, backOffOf(each), now, options),
    );
    if (!status) return undefined;
    const path = statusPath(pod, status);
    const last = status.lastState?.terminated;
    const backOff = backOffOf(status);
    const log = logOf(podlogs, pod, status.name);
    return {
      verdict: 'fail',
      severity: 'high',
      onset: onsetOf(pod, status, backOff, now),
      facts: {
        ...identityOf(pod),
        container: status.name,
        restarts: status.restartCount,
        ...lastWords(status, log.lines),
        dependsOn: dependsOn(pod),
        role: roleOfPod(pod),
        notSeen: [...log.missing, ...notSeen({ events })],
      },
      evidence: [
        isBackingOff(status)
          ? {
              object: refOf(pod),
              field: `${path}.state.waiting.reason`,
              value: 'CrashLoopBackOff',
              at: parseTime(last?.finishedAt),
            }
          : { object: refOf(pod), field: `${path}.restartCount`, value: status.restartCount },
      ],
    };
  },
});

function isBackingOff({ state }: ContainerStatus): boolean {
  return state?.waiting?.reason === 'CrashLoopBackOff';
}

/** Between two back-offs it runs for a moment: a look at that moment must not find it well. */
function isNextAttempt(
  { ready, state }: ContainerStatus,
  backOff: Event | undefined,
  now: number,
  { attemptMs, backOffMs }: { readonly attemptMs: number; readonly backOffMs: number },
): boolean {
  const startedAt = parseTime(state?.running?.startedAt);
  if (ready || startedAt === undefined || !backOff) return false;
  return now - startedAt < attemptMs && now - seenAt(backOff).last < backOffMs;
}

/** It broke between the pod's last readiness, or its start, and the first back-off. */
function onsetOf(
  pod: Pod,
  { lastState }: ContainerStatus,
  backOff: Event | undefined,
  now: number,
): { from: number | null; to: number } {
  if (!backOff) return { from: null, to: parseTime(lastState?.terminated?.finishedAt) ?? now };
  const to = seenAt(backOff).first;
  const since = unreadySince(pod);
  return { from: since !== undefined && since <= to ? since : null, to };
}

/** The line that says most about why stands last. */
function lastWords(
  { lastState }: ContainerStatus,
  lastLines: readonly string[],
): { why: string; lastLines: readonly string[]; lastLine: string; exitCode?: number } {
  const last = lastState?.terminated;
  const said = [...lastLines, ...(last?.message ?? '').split('\n')].filter((line) => line.trim());
  const lastLine = said.at(-1) ?? '';
  const why = last?.reason === 'OOMKilled' ? 'oom' : kindOfFailure(said);
  return { why, lastLines, lastLine, ...(last ? { exitCode: last.exitCode } : {}) };
}

/** The log that was read, and why there is none. Only so many containers are asked for theirs. */
function logOf(
  podlogs: Facet<readonly PodLog[]>,
  pod: Pod,
  container: string,
): { readonly lines: readonly string[]; readonly missing: readonly string[] } {
  if (podlogs.state !== 'known') return { lines: [], missing: notSeen({ podlogs }) };
  const log = podlogs.value.find(
    (each) => each.container === container && keyOf(each) === keyOf(pod),
  );
  if (!log) return { lines: [], missing: ['podlogs: not asked for this container'] };
  return { lines: log.lines, missing: log.unknown ? [`podlogs: ${log.unknown.detail}`] : [] };
}

/** What it cannot run without, as `kubectl get` takes it. */
function dependsOn(pod: Pod): readonly string[] {
  const volumes = pod.spec.volumes ?? [];
  return [
    ...(pod.spec.nodeName ? [`node/${pod.spec.nodeName}`] : []),
    ...volumes.flatMap(({ persistentVolumeClaim, secret, configMap }) => [
      ...(persistentVolumeClaim ? [`pvc/${persistentVolumeClaim.claimName}`] : []),
      ...(secret?.secretName ? [`secret/${secret.secretName}`] : []),
      ...(configMap?.name ? [`configmap/${configMap.name}`] : []),
    ]),
  ];
}
