import type * as z from 'zod';
import type { Millis } from '../lib/clock.ts';
import type { Facet, UnknownReason } from './facet.ts';
import type { FacetName, FacetValues } from './facets.ts';
import type { CheckId, Evidence, Fact, Facts, Onset } from './finding.ts';
import type { Ref } from './ref.ts';
import type { Layer, Severity } from './severity.ts';
import type { Topology } from './topology.ts';

/** How the subject of a cause leads to the subject of its effect. Defined in `diagnose/ties.ts`. */
export const ties = [
  'cluster',
  'same-subject',
  'link-host',
  'link-node',
  'link-api',
  'link-links',
  'link-guests',
  'link-haproxy',
  'link-nodeports',
  'host-links',
  'host-guests',
  'host-node',
  'host-pods',
  'host-services',
  'host-workloads',
  'host-haproxy',
  'host-nodeports',
  'host-api',
  'node-itself',
  'node-host',
  'node-haproxy',
  'node-nodeports',
  'node-pods',
  'node-services',
  'node-claims',
  'node-attachments',
  'node-workloads',
  'node-webhooks',
  'pod-node',
  'pod-host',
  'pod-workload',
  'pod-services',
  'pod-claims',
  'pod-csi-nodes',
  'workload-pods',
  'workload-services',
  'workload-nodes',
  'workload-csi-nodes',
  'service-webhooks',
  'service-workloads',
  'service-haproxy',
  'haproxy-backend',
  'webhook-workloads',
  'webhook-nodes',
  'claim-pods',
  'claim-workloads',
  'volume-claims',
  'volume-attachments',
  'attachment-pods',
  'csi-pods',
  'csi-claims',
] as const;
export type Tie = (typeof ties)[number];

/** A fact's value, one of several, or a pattern it must match. */
export type Match = { readonly [fact: string]: Fact | readonly string[] | RegExp };

/** One kind of effect that a check's failure can have. */
export interface Explains {
  readonly effect: CheckId;
  readonly tie: Tie;
  /** How likely the effect is, given the cause and the tie: 0 to 1. */
  readonly strength: number;
  /** The effect comes at most this much after the cause. */
  readonly within: Millis;
  /** The effect's observer may be this much faster than the cause's. */
  readonly lead?: Millis;
  /** What the cause must say of itself for this effect. */
  readonly when?: Match;
  /** What the effect must look like, where the tie alone is too weak. */
  readonly signature?: Match;
}

/** What may lie below a failure, and what would show it. */
export interface Candidate {
  /** In words that follow "whether": `kubelet`. */
  readonly name: string;
  /** What the failure must say of itself for this to be thinkable; always, unless said. */
  readonly when?: Match;
  /** How the subjects of `shownBy` lead to the subject of this check. */
  readonly tie?: Tie;
  /**
   * Where these looked, judged something that is tied to the subject, and found all of it well, the
   * candidate is none. What could not be judged is still one.
   */
  readonly shownBy?: readonly CheckId[];
  /** What would decide when this is the first that is left; `{name}` is the subject's. */
  readonly decide?: string;
}

/** What several subjects that fail together may have in common. */
export interface Shared {
  /** As long as nobody knows its name: `a hypervisor`. */
  readonly what: string;
  /**
   * What `evenkeel.yaml` declares of a host gives it its name, or rules it out. `our-way` is whatever
   * lies between us and all of them: thinkable only while nobody at all answers us.
   */
  readonly as?: 'hypervisor' | 'switch' | 'our-way';
  /** What would decide once it has a name, which is `{name}`. */
  readonly decide?: string;
}

/** A cause below this check that nothing in the snapshot shows. */
export interface Unseen {
  /** What it may be. A name alone: nothing that can be looked at would rule it out. */
  readonly candidates: readonly (string | Candidate)[];
  /** The one observation that would decide; `{name}` is the subject's. */
  readonly decide: string;
  readonly shared?: string | readonly Shared[];
  /** What a failure must say of itself for anything to lie below it; every failure unless said. */
  readonly when?: Match;
  /** What a failure must say of itself to be one of several with something in common. */
  readonly sharedWhen?: Match;
  /** What is left to think of when every candidate was looked at and is well. */
  readonly beyond?: {
    readonly candidates: readonly (string | Candidate)[];
    readonly decide: string;
    readonly shared?: string;
  };
}

/** What a check says of one subject. Undefined: it is well. */
export type Verdict =
  | undefined
  | {
      readonly verdict: 'fail';
      readonly severity: Severity;
      readonly onset: Onset;
      readonly facts: Facts;
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly verdict: 'past';
      readonly onset: Onset;
      readonly endedAt: Millis;
      readonly facts: Facts;
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly verdict: 'unknown';
      readonly reason: UnknownReason;
      readonly detail: string;
      /** The worst it may hide of this subject; the check's own severity unless said. */
      readonly severity?: Severity;
    };

/** What a check may look at: the facets it reads (known), those it would like, and the topology. */
export type View<R extends FacetName, W extends FacetName> = {
  readonly [K in R]: FacetValues[K];
} & {
  readonly [K in W]: Facet<FacetValues[K]>;
} & {
  /** By the API server's clock. */
  readonly now: Millis;
  /** Indexes over whatever facets are known. Edges of unknown facets are missing, not empty. */
  readonly topology: Topology;
};

interface Subject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | null | undefined };
}

/** A pure function from Snapshot to findings, metadata first. */
export interface Check<
  R extends FacetName = FacetName,
  W extends FacetName = FacetName,
  S extends Subject = Subject,
  O extends z.ZodObject = z.ZodObject,
> {
  /** Permanent: never changed, never reused. */
  readonly code: `EK${number}`;
  readonly id: CheckId;
  readonly title: string;
  readonly layer: Layer;
  /** `event`: something broke. `posture`: something is risky; opens no incident. */
  readonly kind: 'event' | 'posture';
  /** The worst that it reports; what an unknown may hide. */
  readonly severity: Severity;
  readonly maturity: 'stable' | 'experimental';
  /** The check is unknown without these. */
  readonly reads: readonly R[];
  /** It judges better with these, and says in its facts when it had to do without. */
  readonly wants: readonly W[];
  /** The check is unknown unless one of these, which it wants, is seen: either side tells something. */
  readonly either?: readonly W[];
  readonly explains: readonly Explains[];
  readonly unseen?: Unseen;
  /** Every option with a default and a description. */
  readonly options: O;
  /** What is looked at: every subject returned here is judged, and counted as well if nothing is said. */
  subjects(view: View<R, W>, options: z.infer<O>): readonly S[];
  judge(subject: S, view: View<R, W>, options: z.infer<O>): Verdict;
}

/** Ties the types of a check together; what it returns is the check itself. */
export function defineCheck<
  const R extends FacetName,
  const W extends FacetName,
  S extends Subject,
  O extends z.ZodObject,
>(check: Check<R, W, S, O>): Check<R, W, S, O> {
  return check;
}

/** What a check reads, in words for a list; `optional` marks what only refines its judgement. */
export function readsOf(check: Check, optional: (facet: FacetName) => string): string {
  const { reads, wants, either = [] } = check;
  const refining = wants.filter((facet) => !either.includes(facet));
  const one = either.length > 0 ? [either.join(' or ')] : [];
  return [...reads, ...one, ...refining.map(optional)].join(', ');
}

/** A stand-in subject for checks that judge the cluster as a whole. */
export function clusterSubject(name: string): { kind: string; metadata: { name: string } } {
  return { kind: 'Cluster', metadata: { name } };
}

export const clusterRef: Ref = { kind: 'Cluster', name: 'cluster' };
