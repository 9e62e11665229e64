import { shortHash } from '../lib/hash.ts';
import { byText } from '../lib/order.ts';
import type { Check } from '../model/check.ts';
import type { Blind, Onset } from '../model/finding.ts';
import type { Certainty, Incident, Link, Rival, Suspected } from '../model/incident.ts';
import { refKey } from '../model/ref.ts';
import { layers, severityRank } from '../model/severity.ts';
import type { Explanation } from './infer.ts';
import type { Fault, Network } from './network.ts';
import { rivalsOf } from './rivals.ts';
import type { CheckRun } from './run-checks.ts';
import { suspectedBelow } from './suspects.ts';
import { gather } from './together.ts';

/** Above this share of belief, a rival is too strong for anything to be called the cause. */
const inconclusiveWeight = 0.3;

/**
 * The trees of an explanation as incidents. A root opens one when something follows from it, when
 * something unseen lies below it, or when it is critical; everything else stands alone.
 */
export function incidentsOf(
  network: Network,
  explanation: Explanation,
  runs: readonly CheckRun[],
): readonly Incident[] {
  const children = childrenOf(explanation);
  const roots = [...network.faults.keys()].filter(
    (at) => !explanation.cause[at] && opens(network, at, children),
  );
  return gather(network, explanation, roots)
    .map((together) => incidentOf(network, explanation, children, together, runs))
    .sort(worstFirst);
}

type Children = ReadonlyMap<number, readonly number[]>;

function childrenOf({ cause }: Explanation): Children {
  const children = new Map<number, number[]>();
  for (const [effect, edge] of cause.entries()) {
    if (!edge) continue;
    const known = children.get(edge.cause);
    if (known) known.push(effect);
    else children.set(edge.cause, [effect]);
  }
  return children;
}

function opens(network: Network, at: number, children: Children): boolean {
  const fault = network.faults[at] as Fault;
  if (children.has(at)) return true;
  if (fault.verdict === 'past') return false;
  return fault.severity === 'critical' || network.checks[at]?.unseen !== undefined;
}

function incidentOf(
  network: Network,
  explanation: Explanation,
  children: Children,
  roots: readonly number[],
  runs: readonly CheckRun[],
): Incident {
  const faults = roots.map((root) => network.faults[root] as Fault);
  const links = linksOf(network, explanation, children, roots);
  const members = new Set([
    ...faults.map((fault) => fault.id),
    ...links.map((link) => link.finding),
  ]);
  const suspected = suspectedBelow(network, roots);
  const rivals = rivalsOf(network, explanation, roots);
  return {
    id: `I-${shortHash(faults.map((fault) => fault.id).join(' '))}`,
    certainty: certaintyOf(suspected, rivals),
    roots: faults.map((fault) => fault.id),
    ...(suspected ? { suspected } : {}),
    links,
    contributing: contributing(network, members),
    rivals,
    blind: blindOf(network, roots, runs),
    severity: worst(network, members),
    onset: spanOf(faults.map((fault) => fault.onset)),
  };
}

function certaintyOf(suspected: Suspected | undefined, rivals: readonly Rival[]): Certainty {
  if (rivals.some((rival) => rival.weight >= inconclusiveWeight)) return 'inconclusive';
  return suspected ? 'suspected' : 'certain';
}

/** Breadth first, so that depth is the number of steps; siblings by onset, layer and id. */
function linksOf(
  network: Network,
  { cause }: Explanation,
  children: Children,
  roots: readonly number[],
): Link[] {
  const links: Link[] = [];
  let level = [...roots];
  for (let depth = 1; level.length > 0; depth++) {
    const next = level.flatMap((at) => children.get(at) ?? []);
    for (const at of next.sort((a, b) => causalOrder(network, a, b))) {
      const edge = cause[at];
      if (!edge) continue;
      links.push({
        finding: (network.faults[at] as Fault).id,
        cause: (network.faults[edge.cause] as Fault).id,
        weight: weightOf(network, cause, at),
        depth,
      });
    }
    level = next;
  }
  return links;
}

/**
 * How likely the fault belongs to this incident at all: the share of its causes that lead to the
 * same root, among all that could be and coming from nowhere.
 */
function weightOf(network: Network, cause: Explanation['cause'], at: number): number {
  const root = rootOf(cause, at);
  let here = 0;
  let all = 0.05;
  for (const edge of network.causesOf[at] ?? []) {
    all += edge.strength;
    if (rootOf(cause, edge.cause) === root) here += edge.strength;
  }
  return Math.round((here / all) * 100) / 100;
}

function rootOf(cause: Explanation['cause'], fault: number): number {
  let at = fault;
  for (let edge = cause[at]; edge; edge = cause[at]) at = edge.cause;
  return at;
}

function causalOrder(network: Network, a: number, b: number): number {
  const layer = (at: number): number => layers.indexOf(network.checks[at]?.layer ?? 'workload');
  const onset = (at: number): number => (network.faults[at] as Fault).onset.to;
  return onset(a) - onset(b) || layer(a) - layer(b) || a - b;
}

function contributing(network: Network, members: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const [posture, faults] of network.contributes) {
    if ([...faults].some((at) => members.has((network.faults[at] as Fault).id)))
      found.push(posture);
  }
  return found.sort(byText);
}

/** What could not be seen, and could be the root's own cause. */
function blindOf(network: Network, roots: readonly number[], runs: readonly CheckRun[]): string[] {
  const faults = roots.map((at) => network.faults[at] as Fault);
  const checks = new Set(faults.map((fault) => fault.check));
  const keys = new Set(faults.map((fault) => refKey(fault.subject)));
  const couldCause = (check: Check, { subject }: Blind): boolean =>
    check.explains.some(({ effect, tie }) => {
      if (!checks.has(effect)) return false;
      // What is unknown of one machine is no matter of another.
      if (!subject || tie === 'cluster') return true;
      return network.reaches[tie](subject).some((key) => keys.has(key));
    });
  return runs
    .flatMap(({ check, findings }) =>
      findings.filter(
        (each): each is Blind => each.verdict === 'unknown' && couldCause(check, each),
      ),
    )
    .map((each) => each.id)
    .sort(byText);
}

function worst(network: Network, members: ReadonlySet<string>): Incident['severity'] {
  const severities = network.faults.flatMap((fault) =>
    members.has(fault.id) && fault.verdict === 'fail' ? [fault.severity] : [],
  );
  return severities.sort((a, b) => severityRank(a) - severityRank(b))[0] ?? 'info';
}

function spanOf(onsets: readonly Onset[]): Onset {
  const from = onsets.reduce<number | null>(
    (first, { from }) => (first === null || from === null ? null : Math.min(first, from)),
    Number.POSITIVE_INFINITY,
  );
  return { from, to: Math.min(...onsets.map((onset) => onset.to)) };
}

function worstFirst(a: Incident, b: Incident): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    b.links.length - a.links.length ||
    byText(a.id, b.id)
  );
}
