import { byText } from '../lib/order.ts';
import type { AuditResult, CheckSummary, HostSummary, Missed } from '../model/audit.ts';
import type { Check } from '../model/check.ts';
import { type FacetName, facetNames } from '../model/facets.ts';
import type { Fail, Finding } from '../model/finding.ts';
import { hostParts } from '../model/objects/host/host.ts';
import { refKey } from '../model/ref.ts';
import { severityRank } from '../model/severity.ts';
import { type Snapshot, wasObserved } from '../model/snapshot.ts';
import { buildTopology, type Topology } from '../model/topology.ts';
import { incidentsOf } from './incidents.ts';
import { explain } from './infer.ts';
import { type Baseline, compare } from './lifecycle.ts';
import { buildNetwork } from './network.ts';
import { type CheckRun, gapsIn, type RunOptions, runChecks } from './run-checks.ts';
import { stateOf } from './state.ts';

export interface AuditOptions extends RunOptions {
  readonly baseline?: Baseline | undefined;
}

/** Observe has been done: runs every check, and says what is the cause of what. */
export function auditSnapshot(
  snapshot: Snapshot,
  checks: readonly Check[],
  options: AuditOptions = {},
): AuditResult {
  const topology = buildTopology(snapshot);
  const runs = runChecks(snapshot, checks, options, topology);
  const network = buildNetwork(snapshot, runs, topology);
  const incidents = incidentsOf(network, explain(network), runs);
  const findings = runs.flatMap((run) => run.findings).sort((a, b) => byText(a.id, b.id));
  const explained = new Set(
    incidents.flatMap(({ roots, links }) => [...roots, ...links.map((link) => link.finding)]),
  );
  const failed = findings.filter((each): each is Fail => each.verdict === 'fail').sort(worstFirst);
  const { cluster, at, serverDate, namespaces } = snapshot;
  return {
    cluster,
    at,
    ...(serverDate === undefined ? {} : { serverDate }),
    ...(namespaces ? { namespaces } : {}),
    ...unobserved(snapshot),
    ...hostSummaries(snapshot, topology),
    checks: runs.map(summaryOf),
    findings,
    incidents,
    alone: failed.filter((e) => e.kind === 'event' && !explained.has(e.id)).map((each) => each.id),
    postures: failed.filter((each) => each.kind === 'posture').map((each) => each.id),
    state: stateOf(runs),
    missed: missedBy(runs, snapshot),
    ...(options.baseline ? compare(findings, options.baseline) : {}),
  };
}

function unobserved(snapshot: Snapshot): { unobserved?: string } {
  if (wasObserved(snapshot) || !wasAsked(snapshot)) return {};
  const { access } = snapshot.facets;
  const isIn = access.state !== 'known' || access.value.outcome === 'ok';
  if (isIn) return { unobserved: 'nothing of it may be read' };
  return { unobserved: access.value.detail ?? access.value.outcome };
}

function hostSummaries(
  { facets: { hosts } }: Snapshot,
  { nodeOfHost }: Topology,
): { hosts?: readonly HostSummary[] } {
  if (hosts.state !== 'known') return {};
  const all = hosts.value.map((host): HostSummary => {
    const { reach, ways, metadata } = host;
    const answered = reach.state === 'answered';
    return {
      name: metadata.name,
      node: nodeOfHost.get(metadata.name)?.metadata.name,
      answered,
      ...(answered ? { user: reach.user, root: reach.root } : {}),
      ways,
      unknown: answered ? hostParts.filter((part) => host[part].state === 'unknown') : [],
    };
  });
  return { hosts: all.sort((a, b) => byText(a.name, b.name)) };
}

/** Where only machines were looked at, on purpose, nothing of a cluster is missed. */
function wasAsked({ facets: { access, hosts } }: Snapshot): boolean {
  const isIn = access.state !== 'unknown' || access.reason !== 'not-collected';
  return isIn || hosts.state !== 'known';
}

/** What checks only want leaves no finding of its own when it is missing: it is said here. */
function missedBy(runs: readonly CheckRun[], snapshot: Snapshot): Missed[] {
  const missing = wasAsked(snapshot) ? facetNames : (['hosts'] as const);
  return missing
    .flatMap((name) => gapsIn(snapshot, name))
    .flatMap(({ facet, reason, detail }) => {
      const checks = runs
        .filter(({ check, state }) => state === 'ran' && check.wants.includes(facet as FacetName))
        .filter(({ findings }) => !findings.some((each) => says(each, detail)))
        .map(({ check }) => check.id);
      return checks.length > 0 ? [{ facet, checks, reason, detail }] : [];
    });
}

function says(finding: Finding, detail: string): boolean {
  return finding.verdict === 'unknown' && finding.detail.includes(detail);
}

function worstFirst(a: Fail, b: Fail): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    byText(a.check, b.check) ||
    byText(refKey(a.subject), refKey(b.subject))
  );
}

function summaryOf({ check, state, subjects, findings }: CheckRun): CheckSummary {
  const spoken = findings.filter((each) => each.verdict !== 'past' && each.subject !== undefined);
  return {
    id: check.id,
    layer: check.layer,
    kind: check.kind,
    state,
    judged: subjects.length,
    well: subjects.length - spoken.length,
  };
}
