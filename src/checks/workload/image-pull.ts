import * as z from 'zod';
import { minute } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { notSeen } from '../../model/facet.ts';
import { roleOfPod } from '../../model/kubernetes/role.ts';
import {
  containerStatuses,
  identityOf,
  isMeantToRun,
  seenAt,
  statusPath,
  unreadySince,
} from '../../model/objects/pod.ts';
import { refOf } from '../../model/ref.ts';

const failures: ReadonlySet<string> = new Set([
  'ErrImageNeverPull',
  'ErrImagePull',
  'ImageInspectError',
  'ImagePullBackOff',
  'InvalidImageName',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

export const check = defineCheck({
  code: 'EK7002',
  id: 'workload/image-pull',
  title: 'Image cannot be pulled',
  layer: 'workload',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['pods'],
  wants: ['events'],
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
  ],
  options: z.object({}),
  subjects: ({ pods }) => pods.filter(isMeantToRun),
  judge(pod, { now, topology, events }) {
    const status = containerStatuses(pod).find((each) =>
      failures.has(each.state?.waiting?.reason ?? ''),
    );
    if (!status) return undefined;
    const { reason, message } = status.state?.waiting ?? {};
    // Older kubelets say no more than "Back-off pulling image" here, and the reason in the event.
    const failed = topology
      .eventsOf(pod)
      .findLast((each) => each.message?.startsWith('Failed to pull image'));
    const said = [message ?? '', failed?.message ?? ''].filter((each) => each !== '');
    const telling = said.find((each) => whyOf(each) !== 'other') ?? said.at(-1) ?? '';
    const to = failed ? seenAt(failed).first : now;
    const since = unreadySince(pod);
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: since !== undefined && since <= to ? since : null, to },
      facts: {
        ...identityOf(pod),
        container: status.name,
        image: status.image,
        why: reason === 'InvalidImageName' ? 'name' : whyOf(telling),
        message: telling,
        role: roleOfPod(pod),
        notSeen: notSeen({ events }),
      },
      evidence: [
        {
          object: refOf(pod),
          field: `${statusPath(pod, status)}.state.waiting.reason`,
          value: reason ?? '',
          ...(failed ? { at: seenAt(failed).last } : {}),
        },
      ],
    };
  },
});

/** In this order: a registry out of reach also fails to authorize, and hides what it lacks. */
const kinds: readonly (readonly [string, RegExp])[] = [
  ['rate-limit', /toomanyrequests|429 Too Many Requests|rate limit/i],
  ['network', /no such host|i\/o timeout|deadline ?exceeded|connection (refused|reset|timed out)/i],
  ['network', /network is unreachable|no route to host|handshake timeout|server misbehaving/i],
  ['network', /Client\.Timeout|temporary failure in name resolution|: EOF\b/i],
  ['auth', /401 Unauthorized|403 Forbidden|unauthorized:|authentication required/i],
  ['auth', /no basic auth credentials|insufficient_scope|denied: |access (is )?denied/i],
  ['name', /not found|manifest unknown|name unknown|name invalid|invalid reference|parse image/i],
];

function whyOf(message: string): string {
  return kinds.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
}
