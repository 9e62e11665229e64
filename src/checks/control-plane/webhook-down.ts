import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { byText } from '../../lib/order.ts';
import { minute, parseTime } from '../../lib/time.ts';
import { clusterSubject, defineCheck, type Verdict, type View } from '../../model/check.ts';
import { notSeen } from '../../model/facet.ts';
import type { WebhookConfiguration, WebhookRules } from '../../model/objects/admission.ts';
import { type Condition, conditionOf } from '../../model/objects/meta.ts';
import type { Pod } from '../../model/objects/pod.ts';
import { readyEndpoints } from '../../model/objects/service.ts';
import { refOf } from '../../model/ref.ts';

const reads = ['validatingwebhooks', 'mutatingwebhooks', 'services', 'endpointslices'] as const;
const wants = ['customresourcedefinitions', 'pods'] as const;
type Seen = View<(typeof reads)[number], (typeof wants)[number]>;

export const check = defineCheck({
  code: 'EK3003',
  id: 'control-plane/webhook-down',
  title: 'Webhook down',
  layer: 'control-plane',
  kind: 'event',
  severity: 'critical',
  maturity: 'stable',
  reads,
  wants,
  explains: [
    // A workload whose pods were all refused has none that would lead to it.
    {
      effect: 'workload/rollout-stuck',
      tie: 'cluster',
      strength: 0.8,
      within: Infinity,
      signature: { why: 'webhook' },
    },
    {
      effect: 'node/stale-taint',
      tie: 'webhook-nodes',
      strength: 0.7,
      within: Infinity,
      when: { guardsNodes: true },
      signature: { why: ['patch-failed', 'unknown'] },
    },
    {
      effect: 'control-plane/controller-manager-silent',
      tie: 'cluster',
      strength: 0.9,
      within: 2 * minute,
      when: { guardsLeases: true },
      signature: { why: 'lease-stale' },
    },
  ],
  options: z.object({
    settleMs: z
      .number()
      .default(2 * minute)
      .describe('how long a webhook may be unanswered after it was set up or its pods moved'),
  }),
  subjects({ validatingwebhooks, mutatingwebhooks, customresourcedefinitions: definitions }) {
    const conversions = definitions.state === 'known' ? definitions.value : [];
    const all = [...validatingwebhooks, ...mutatingwebhooks, ...conversions];
    const hidden = definitions.state === 'unknown' ? [clusterSubject('conversion-webhooks')] : [];
    return [...all.filter((each) => callsOf(each).length > 0), ...hidden];
  },
  judge(subject, view, { settleMs }) {
    const calls = callsOf(subject);
    if (calls.length === 0) return definitionsNotSeen(view);
    const made = madeAt(subject);
    const lines = calls.map((call) => lineOf(call, view));
    const outages = lines
      .filter((line) => line !== 'up' && line !== 'unseen')
      .filter(({ movedAt }) => view.now - Math.max(made, movedAt) >= settleMs);
    const [first] = outages;
    if (first) return failed(subject, first, outages, view);
    if (!lines.includes('unseen')) return undefined;
    const detail = 'the namespace of its Service was not looked at';
    return { verdict: 'unknown', reason: 'not-collected', detail };
  },
});

function madeAt({ metadata }: WebhookConfiguration | StandIn): Millis {
  return parseTime('creationTimestamp' in metadata ? metadata.creationTimestamp : undefined) ?? 0;
}

/** What is asked, and refuses everything when nobody answers. */
interface Call {
  readonly name: string;
  readonly webhookKind: 'validating' | 'mutating' | 'conversion';
  readonly service: { readonly namespace: string; readonly name: string };
  readonly resources: readonly string[];
  readonly guardsNodes: boolean;
  readonly guardsLeases: boolean;
}

/** Calls that fail closed and go to a Service of this cluster; an outside address is not judged. */
function callsOf(subject: WebhookConfiguration | StandIn): readonly Call[] {
  if ('webhooks' in subject) {
    const webhookKind = subject.kind.startsWith('Mutating') ? 'mutating' : 'validating';
    return (subject.webhooks ?? []).flatMap(({ name, failurePolicy, clientConfig, rules }) => {
      const service = clientConfig?.service;
      if (!service || !rules?.length || (failurePolicy ?? 'Fail') !== 'Fail') return [];
      const guardsNodes = guards(rules, '', 'nodes');
      const guardsLeases = guards(rules, 'coordination.k8s.io', 'leases');
      const resources = resourcesOf(rules);
      return [{ name, webhookKind, service, resources, guardsNodes, guardsLeases }];
    });
  }
  const service = 'spec' in subject && subject.spec.conversion?.webhook?.clientConfig?.service;
  if (!service) return [];
  const { name } = subject.metadata;
  const guarded = { resources: [name], guardsNodes: false, guardsLeases: false };
  return [{ name, webhookKind: 'conversion', service, ...guarded }];
}

type StandIn = ReturnType<typeof clusterSubject>;

/** Whether an update of that kind of object passes this webhook. */
function guards(rules: WebhookRules, group: string, resource: string): boolean {
  const names = [resource, `${resource}/*`, '*', '*/*'];
  const has = (list: readonly string[] | null | undefined, value: string): boolean =>
    Boolean(list?.includes(value) || list?.includes('*'));
  return (rules ?? []).some(
    (rule) =>
      has(rule.apiGroups, group) &&
      has(rule.operations, 'UPDATE') &&
      rule.resources?.some((each) => names.includes(each)),
  );
}

/** As kubectl writes them: `pods`, `deployments.apps`. */
function resourcesOf(rules: WebhookRules): readonly string[] {
  return (rules ?? []).flatMap(({ apiGroups, resources }) =>
    (apiGroups ?? []).flatMap((group) =>
      (resources ?? []).map((each) => (group === '' ? each : `${each}.${group}`)),
    ),
  );
}

interface Outage {
  readonly call: Call;
  readonly why: 'service-missing' | 'no-ready-endpoint';
  /** When anything about the Service or its pods last changed. */
  readonly movedAt: Millis;
  /** Since when it certainly answers nobody, where its pods tell. */
  readonly downSince?: Millis;
}

function lineOf(call: Call, { topology }: Seen): 'up' | 'unseen' | Outage {
  const { namespace, name } = call.service;
  const seen = topology.sees('services', namespace) && topology.sees('endpointslices', namespace);
  if (!seen) return 'unseen';
  const service = topology.services.get(`${namespace}/${name}`);
  if (!service) return { call, why: 'service-missing', movedAt: 0 };
  const slices = topology.slicesOfService.get(`${namespace}/${name}`) ?? [];
  if (service.spec.type === 'ExternalName' || readyEndpoints(slices).length > 0) return 'up';
  const pods = topology.podsOfService(service);
  const made = parseTime(service.metadata.creationTimestamp) ?? 0;
  const movedAt = Math.max(made, ...pods.map(readyMovedAt));
  const silent = pods.length > 0 && pods.every((pod) => readyOf(pod)?.status !== 'True');
  const outage = { call, why: 'no-ready-endpoint', movedAt } as const;
  return silent ? { ...outage, downSince: movedAt } : outage;
}

function readyOf(pod: Pod): Condition | undefined {
  return conditionOf(pod.status.conditions, 'Ready');
}

function readyMovedAt(pod: Pod): Millis {
  const made = pod.metadata.creationTimestamp;
  return parseTime(readyOf(pod)?.lastTransitionTime) ?? parseTime(made) ?? 0;
}

function failed(
  subject: WebhookConfiguration | StandIn,
  { call, why, downSince }: Outage,
  outages: readonly Outage[],
  { now, pods }: Seen,
): Verdict {
  const { webhookKind, service } = call;
  const at = downSince === undefined ? now : Math.max(downSince, madeAt(subject));
  const calls = outages.map((each) => each.call);
  const facts = {
    name: subject.metadata.name,
    why,
    webhook: calls.map((each) => each.name),
    webhookKind,
    service: service.name,
    serviceNamespace: service.namespace,
    resources: [...new Set(calls.flatMap((each) => each.resources))].sort(byText),
    guardsNodes: calls.some((each) => each.guardsNodes),
    guardsLeases: calls.some((each) => each.guardsLeases),
    notSeen: notSeen({ pods }),
    ...(downSince === undefined ? {} : { forMs: now - at }),
  };
  const object = { kind: 'Service', ...service };
  const evidence = [
    why === 'service-missing'
      ? { object, field: 'metadata.name', value: null, at }
      : { object, field: 'endpoints[].conditions.ready', value: false, at },
    {
      object: refOf(subject),
      field:
        webhookKind === 'conversion'
          ? 'spec.conversion.webhook.clientConfig.service.name'
          : `webhooks[${call.name}].clientConfig.service.name`,
      value: service.name,
    },
  ];
  const onset = { from: null, to: at };
  return { verdict: 'fail', severity: 'critical', onset, facts, evidence };
}

function definitionsNotSeen({ customresourcedefinitions: facet }: Seen): Verdict {
  if (facet.state !== 'unknown') return undefined;
  const detail = `customresourcedefinitions: ${facet.detail}`;
  return { verdict: 'unknown', reason: facet.reason, detail };
}
