import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { byText } from '../../lib/order.ts';
import { minute, parseTime, second } from '../../lib/time.ts';
import { clusterSubject, defineCheck, type Verdict, type View } from '../../model/check.ts';
import { type Facet, notSeen } from '../../model/facet.ts';
import type { Evidence, Facts, Onset } from '../../model/finding.ts';
import { leaseState } from '../../model/objects/lease.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import { hasRole, type Lease } from '../../model/objects/node.ts';
import { seenAt } from '../../model/objects/pod.ts';
import { refKey, refOf } from '../../model/ref.ts';
import { keyOf } from '../../model/topology.ts';

const workloads = ['deployments', 'statefulsets', 'daemonsets'] as const;
const wants = ['namespaces', 'serviceaccounts', 'events', ...workloads] as const;
type Seen = View<'leases' | 'nodes', (typeof wants)[number]>;

export const check = defineCheck({
  code: 'EK3001',
  id: 'control-plane/controller-manager-silent',
  title: 'Controller manager silent',
  layer: 'control-plane',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['leases', 'nodes'],
  wants,
  explains: [
    {
      effect: 'node/stale-taint',
      tie: 'cluster',
      strength: 0.9,
      within: Infinity,
      signature: { why: ['controller-silent', 'unknown'] },
    },
    {
      effect: 'network/endpoints-on-dead-node',
      tie: 'cluster',
      strength: 0.6,
      within: Infinity,
    },
    {
      effect: 'workload/rollout-stuck',
      tie: 'cluster',
      strength: 0.5,
      within: Infinity,
      signature: { why: 'other' },
    },
    {
      effect: 'storage/pvc-pending',
      tie: 'cluster',
      strength: 0.5,
      within: Infinity,
      signature: { why: 'other' },
    },
  ],
  unseen: {
    candidates: ['its process', 'the datastore', "the API server's latency"],
    decide: "sudo journalctl -u k3s -n 2000 | grep -i -E 'leaderelection|slow sql|took too long'",
  },
  options: z.object({
    silentMs: z
      .number()
      .default(minute)
      .describe('how long its Lease may stand still, at least; it renews it every 2 s'),
    graceMs: z
      .number()
      .default(50 * second)
      .describe('after how long it should mark a silent node; twice that is too long'),
    undoneMs: z
      .number()
      .default(5 * minute)
      .describe('how long a new namespace or workload may wait for it'),
    leastWorkloads: z
      .number()
      .default(3)
      .describe('how many new workloads must wait before it is called silent'),
  }),
  subjects: () => [clusterSubject('kube-controller-manager')],
  judge(_subject, view, options) {
    const lease = view.leases.find(
      ({ metadata }) =>
        metadata.namespace === 'kube-system' && metadata.name === 'kube-controller-manager',
    );
    const verdict = lease ? byLease(lease, view, options.silentMs) : byWork(view, options);
    if (verdict?.verdict !== 'fail' || !hasJustStarted(view, 2 * options.graceMs)) return verdict;
    return unknown('a server has just started: its controllers may not be at work yet');
  },
});

interface Patience {
  readonly graceMs: Millis;
  readonly undoneMs: Millis;
  readonly leastWorkloads: number;
}

/** It renews every 2 s, so several durations without a renewal are no hiccup. */
function byLease(lease: Lease, view: Seen, silentMs: Millis): Verdict {
  const durationMs = (lease.spec.leaseDurationSeconds ?? 15) * second;
  const word = leaseState(lease, view.now, Math.max(silentMs, 4 * durationMs));
  if (word.state === 'renewed') return undefined;
  if (word.state === 'undecided') {
    return unknown('its Lease looks old, or its clock is wrong: one look cannot tell which');
  }
  const value = lease.spec.renewTime ?? null;
  const at = word.heardAt ?? undefined;
  return failed(
    view,
    'lease-stale',
    { from: word.heardAt, to: view.now - word.stillMs + durationMs },
    {
      leaseProof: word.proof,
      holder: lease.spec.holderIdentity ?? '',
      silentForMs: word.stillMs,
    },
    [{ object: refOf(lease), field: 'spec.renewTime', value, at }],
  );
}

/** k3s with SQLite elects nobody: there is no Lease, and only work left undone tells. */
function byWork(view: Seen, { graceMs, undoneMs, leastWorkloads }: Patience): Verdict {
  const signs = [
    unmarkedNode(view, graceMs),
    bareNamespaces(view, undoneMs),
    unheededWorkloads(view, undoneMs, leastWorkloads),
  ];
  const spoken = signs.filter((each) => each !== undefined && each !== 'works');
  const undone = spoken.find(({ verdict }) => verdict === 'fail') ?? spoken[0];
  if (undone) return undone;
  if (signs.includes('works')) return undefined;
  return unknown('it has no Lease, as on k3s with SQLite, and none of its work was seen');
}

type Sign = Verdict | 'works';

/** A node whose Lease died two grace periods ago and that still counts as Ready. */
function unmarkedNode(view: Seen, graceMs: Millis): Sign {
  const dead = view.nodes
    .filter((node) => conditionOf(node.status.conditions, 'Ready')?.status === 'True')
    .flatMap((node) => {
      const lease = view.topology.leaseOfNode.get(node.metadata.name);
      const word = lease && leaseState(lease, view.now, 2 * graceMs);
      return word?.state === 'stale' ? [{ node, stillMs: word.stillMs }] : [];
    })
    .sort((a, b) => b.stillMs - a.stillMs);
  const [first] = dead;
  if (!first) return undefined;
  return failed(
    view,
    'node-not-marked',
    { from: null, to: view.now - first.stillMs + graceMs },
    {
      node: first.node.metadata.name,
      undone: dead.map(({ node }) => refKey(refOf(node))),
      silentForMs: first.stillMs,
    },
    dead.map(({ node, stillMs }) => ({
      object: refOf(node),
      field: 'status.conditions[Ready].status',
      value: 'True',
      at: view.now - stillMs,
    })),
  );
}

/** It gives every namespace a ServiceAccount within moments, and gives it again when deleted. */
function bareNamespaces(view: Seen, undoneMs: Millis): Sign {
  const { namespaces, serviceaccounts, topology } = view;
  if (namespaces.state !== 'known') return notLookedAt('namespaces', namespaces);
  if (serviceaccounts.state !== 'known') return notLookedAt('serviceaccounts', serviceaccounts);
  const given = serviceaccounts.value.filter(({ metadata }) => metadata.name === 'default');
  // kube-system always has one: none at all means that they were not shown.
  if (given.length === 0) return unknown('no ServiceAccount could be seen');
  const furnished = new Set(given.map(({ metadata }) => metadata.namespace));
  const within = namespaces.value.filter(({ metadata }) =>
    topology.sees('serviceaccounts', metadata.name),
  );
  const due = oldestFirst(within, view.now - undoneMs);
  const waiting = sinceLastDone(due, ({ metadata }) => furnished.has(metadata.name));
  if (waiting.length === 0) return due.length > 0 ? 'works' : undefined;
  return leftUndone(view, undoneMs, waiting, due, 'ServiceAccount/default');
}

/** Workloads that no controller has looked at since they were made. */
function unheededWorkloads(view: Seen, undoneMs: Millis, least: number): Sign {
  const all = workloads.flatMap((name) => {
    const facet = view[name];
    return facet.state === 'known' ? [...facet.value] : [];
  });
  const due = oldestFirst(all, view.now - undoneMs);
  const waiting = sinceLastDone(due, ({ status }) => Boolean(status.observedGeneration));
  if (waiting.length < least) return undefined;
  return leftUndone(view, undoneMs, waiting, due, 'status.observedGeneration');
}

interface Made {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | null | undefined;
    readonly creationTimestamp?: string | null | undefined;
    readonly deletionTimestamp?: string | null | undefined;
  };
}

function madeAt({ metadata }: Made): Millis {
  return parseTime(metadata.creationTimestamp) ?? Infinity;
}

function oldestFirst<T extends Made>(objects: readonly T[], before: Millis): readonly T[] {
  return objects
    .filter((each) => !each.metadata.deletionTimestamp && madeAt(each) <= before)
    .toSorted((a, b) => madeAt(a) - madeAt(b) || byText(keyOf(a), keyOf(b)));
}

/** Where a newer one got its due, something else keeps it from the older: a policy, a quota. */
function sinceLastDone<T>(due: readonly T[], isDone: (object: T) => boolean): readonly T[] {
  return due.slice(due.findLastIndex(isDone) + 1);
}

function leftUndone(
  view: Seen,
  undoneMs: Millis,
  waiting: readonly Made[],
  due: readonly Made[],
  field: string,
): Verdict {
  const from = due.slice(0, -waiting.length).map(madeAt).at(-1) ?? null;
  const to = Math.min(...waiting.map(madeAt)) + undoneMs;
  const undone = waiting.map((each) => refKey(refOf(each)));
  const evidence = waiting.map((each) => ({
    object: refOf(each),
    field,
    value: null,
    at: madeAt(each),
  }));
  return failed(view, 'work-undone', { from, to }, { undone }, evidence);
}

function failed(
  view: Seen,
  why: string,
  onset: Onset,
  own: Facts,
  evidence: readonly Evidence[],
): Verdict {
  const { now, topology, events } = view;
  const states = [...topology.leaseOfNode.values()].map((each) => leaseState(each, now).state);
  const facts = {
    name: 'kube-controller-manager',
    why,
    forMs: now - onset.to,
    // Where no kubelet's Lease moves either, it is the API or its datastore that takes no writes.
    nodeLeasesMove: states.length === 0 || states.some((state) => state !== 'stale'),
    notSeen: notSeen({ events }),
    ...own,
  };
  return { verdict: 'fail', severity: 'high', onset, facts, evidence };
}

/** What a kubelet says of its own start, as far as it warns of it. */
const startReasons = ['Rebooted', 'InvalidDiskCapacity'];

/** A controller-manager that just started waits for its old Lease, and grants nodes a new grace. */
function hasJustStarted({ nodes, events, now }: Seen, withinMs: Millis): boolean {
  if (events.state !== 'known') return false;
  const servers = nodes.filter((node) => hasRole(node, 'control-plane', 'master'));
  const names = new Set(servers.map((node) => node.metadata.name));
  return events.value.some(
    (event) =>
      event.involvedObject.kind === 'Node' &&
      names.has(event.involvedObject.name) &&
      startReasons.includes(event.reason ?? '') &&
      now - seenAt(event).last <= withinMs,
  );
}

function notLookedAt(name: string, facet: Facet<unknown>): Verdict {
  if (facet.state !== 'unknown') return undefined;
  return { verdict: 'unknown', reason: facet.reason, detail: `${name}: ${facet.detail}` };
}

function unknown(detail: string): Verdict {
  return { verdict: 'unknown', reason: 'no-answer', detail };
}
