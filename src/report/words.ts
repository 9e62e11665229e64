import type { UnknownReason } from '../model/facet.ts';
import type { Certainty, Rival } from '../model/incident.ts';
import type { Way } from '../model/objects/host/reach.ts';
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
  'needs-agent': 'only watching over time would tell',
  'check-failed': 'check failed',
};

/** What became of one way to a host. */
export const wayWords: { readonly [O in Way['outcome']]: string } = {
  answered: 'answered',
  'not-tried': 'not tried',
  refused: 'connection refused',
  'timed-out': 'no answer in time',
  unreachable: 'no route there',
  'unknown-host': 'the name does not resolve',
  cut: 'cut in the middle',
  'host-key-changed': 'shows another host key',
  denied: 'does not let us in',
  'no-sudo': 'we may not become root',
  'output-too-large': 'sent more than a look may have',
  malformed: 'answer not understood',
  'container-stopped': 'the container is stopped',
  'container-frozen': 'the container is frozen',
  'no-such-container': 'there is no such container',
  'no-program': 'a program is missing',
  through: 'the host on the way does not answer',
  cancelled: 'was stopped',
};

export function isWayOutcome(word: string): word is Way['outcome'] {
  return Object.hasOwn(wayWords, word);
}

/** How far a way had come that failed although the host is there. */
const cameTo: { readonly [T in Way['transport']]?: string } = {
  ssh: 'logged in, and then ',
  pct: 'the container runs, and ',
  lxc: 'the container runs, and ',
};

/** Outcomes that one would take for the host's absence. */
const likeAbsence: ReadonlySet<Way['outcome']> = new Set<Way['outcome']>(['timed-out', 'cut']);

/** `ssh root@192.0.2.7: no answer in time; pct 101 on pve: the container is stopped` */
export function waysText(ways: readonly Way[]): string {
  return ways
    .map(({ transport, name, outcome, detail, present }) => {
      const far = present && likeAbsence.has(outcome) ? (cameTo[transport] ?? '') : '';
      const words = `${name}: ${far}${wayWords[outcome]}`;
      return detail && tellsMore.has(outcome) ? `${words} (${detail})` : words;
    })
    .join('; ');
}

/** After these the words of the other side say what to mend; after the rest they say the same again. */
const tellsMore: ReadonlySet<Way['outcome']> = new Set<Way['outcome']>([
  'denied',
  'no-sudo',
  'host-key-changed',
  'malformed',
  'no-program',
  'through',
]);
