import type { UnknownReason } from '../model/facet.ts';
import type { Certainty, Rival } from '../model/incident.ts';
import type { Layer } from '../model/severity.ts';

export const layerNames: { readonly [L in Layer]: string } = {
  link: 'link',
  host: 'host',
  node: 'nodes',
  'control-plane': 'control plane',
  network: 'network',
  storage: 'storage',
  gitops: 'GitOps',
  workload: 'workloads',
  edge: 'edge',
  security: 'security',
  backup: 'backup',
  gpu: 'GPU',
  observability: 'observability',
  resilience: 'resilience',
};

export const certaintyWords: { readonly [C in Certainty]: string } = {
  certain: 'cause seen',
  suspected: 'cause suspected',
  inconclusive: 'cause undecided',
};

/** Why an explanation lost. */
export const againstWords: { readonly [A in Rival['against']]: string } = {
  time: 'it began after what it would explain',
  'absent-effects': 'other effects that it should have are not there',
  'less-likely': 'it explains less of what is seen',
  recovered: 'it had already recovered',
};

export const reasonWords: { readonly [R in UnknownReason]: string } = {
  forbidden: 'not permitted',
  unauthorized: 'not logged in',
  'timed-out': 'timed out',
  unreachable: 'not reachable',
  'server-error': 'server error',
  malformed: 'answer not understood',
  'too-old': 'data too old',
  'no-answer': 'no answer',
  'not-collected': 'not collected',
  'check-failed': 'check failed',
};
