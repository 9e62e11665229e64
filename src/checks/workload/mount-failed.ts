import * as z from 'zod';
import { minute } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { listed, notSeen } from '../../model/facet.ts';
import type { Secret } from '../../model/objects/cluster.ts';
import {
  containerStatuses,
  type Event,
  identityOf,
  isMeantToRun,
  type Pod,
  seenAt,
  unreadySince,
} from '../../model/objects/pod.ts';
import { refOf } from '../../model/ref.ts';
import { claimsOf, keyOf, type Topology } from '../../model/topology.ts';

export const check = defineCheck({
  code: 'EK7004',
  id: 'workload/mount-failed',
  title: 'Volume cannot be mounted',
  layer: 'workload',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['pods', 'events'],
  wants: ['persistentvolumeclaims', 'secrets'],
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
  ],
  options: z.object({
    recentMs: z
      .number()
      .default(10 * minute)
      .describe('how recent the last failure must be: the kubelet tries every two minutes'),
  }),
  subjects: ({ pods, topology }) =>
    pods.filter(
      (pod) =>
        isMeantToRun(pod) &&
        (pod.spec.volumes ?? []).length > 0 &&
        topology.sees('events', pod.metadata.namespace),
    ),
  judge(pod, { now, topology, persistentvolumeclaims, secrets }, { recentMs }) {
    if (hasStarted(pod)) return undefined;
    const failures = topology
      .eventsOf(pod)
      .filter(({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume');
    const newest = failures.at(-1);
    if (!newest || now - seenAt(newest).last >= recentMs) return undefined;
    // What a first failure says, the kubelet later sums up as a timeout of all volumes together.
    const telling = failures.findLast((each) => !isSummary(each)) ?? newest;
    const to = Math.min(...failures.map((each) => seenAt(each).first));
    const since = unreadySince(pod);
    const why = whyOf(telling);
    const missing =
      why === 'missing-secret' ? secretOf(telling, pod, topology, listed(secrets)) : {};
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: since !== undefined && since <= to ? since : null, to },
      facts: {
        ...identityOf(pod),
        why,
        ...volumeIn(telling, pod, topology),
        ...missing,
        message: telling.message ?? '',
        event: keyOf(telling),
        lastAt: seenAt(newest).last,
        notSeen: notSeen(why === 'missing-secret' ? { secrets } : { persistentvolumeclaims }),
      },
      evidence: [
        {
          object: refOf(telling),
          field: 'message',
          value: telling.message ?? '',
          at: seenAt(newest).last,
        },
      ],
    };
  },
});

/** All volumes are mounted before the first container starts: a failure before that is over. */
function hasStarted(pod: Pod): boolean {
  return containerStatuses(pod).some((each) => each.state?.running);
}

function isSummary({ message }: Event): boolean {
  return /^Unable to (attach or )?mount volumes/.test(message ?? '');
}

const kinds: readonly (readonly [string, RegExp])[] = [
  ['driver-not-registered', /list of registered CSI drivers|does not contain driver/],
  ['fsgroup', /fsGroup|volume ownership|chown/i],
  ['device-busy', /resource busy|device is busy|mount point busy|already mounted/i],
  ['missing-secret', /secret "[^"]*" not found|non-existent secret key/],
  ['missing-configmap', /configmap "[^"]*" not found|non-existent config key/],
  ['wrong-node', /NodeAffinity check failed|no matching NodeSelectorTerms/],
];

function whyOf({ reason, message }: Event): string {
  const found = kinds.find(([, pattern]) => pattern.test(message ?? ''));
  if (found) return found[0];
  if (reason === 'FailedAttachVolume') return 'attach';
  return /deadline ?exceeded|timed out|i\/o timeout/i.test(message ?? '') ? 'timeout' : 'other';
}

/** The message names the volume as the pod does, or as the claim's volume is called. */
function volumeIn(
  { message }: Event,
  pod: Pod,
  topology: Topology,
): { volume?: string; claim?: string; driver?: string } {
  const said = message ?? '';
  const volume = (/volume "([^"]+)"/.exec(said) ??
    /unmounted volumes=\[([^\]\s]+)/.exec(said))?.[1];
  const driver = /driver(?: name)? ([a-z0-9-]+(?:\.[a-z0-9-]+)+)/.exec(said)?.[1];
  const own = pod.spec.volumes?.find((each) => each.name === volume);
  const claim =
    (own && claimsOf({ ...pod, spec: { volumes: [own] } })[0]) ??
    claimsOf(pod).find((key) => topology.claims.get(key)?.spec.volumeName === volume);
  return {
    ...(volume === undefined ? {} : { volume }),
    ...(claim === undefined ? {} : { claim: claim.slice(claim.indexOf('/') + 1) }),
    ...(driver === undefined ? {} : { driver }),
  };
}

/** The Secret that the pod lacks: whether it is there by now, and its shape; its values nobody has. */
function secretOf(
  { message }: Event,
  pod: Pod,
  topology: Topology,
  secrets: readonly Secret[],
): { secret?: string; secretState: string; secretType?: string; secretKeys?: number } {
  const { namespace } = pod.metadata;
  const volume = /volume "([^"]+)"/.exec(message ?? '')?.[1];
  const own = pod.spec.volumes?.find((each) => each.name === volume)?.secret?.secretName;
  const secret = /secret "([^"]+)"/.exec(message ?? '')?.[1] ?? own ?? undefined;
  const named = secret === undefined ? {} : { secret };
  if (secret === undefined || !topology.sees('secrets', namespace)) {
    return { ...named, secretState: 'not-seen' };
  }
  const there = secrets.find(
    (each) => each.metadata.name === secret && each.metadata.namespace === namespace,
  );
  if (!there) return { ...named, secretState: 'missing' };
  const { type, keyCount } = there;
  return { ...named, secretState: 'there', secretType: type ?? '', secretKeys: keyCount ?? 0 };
}
