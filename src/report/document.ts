import { isoTime } from '../lib/format.ts';
import { jsonText } from '../lib/json-text.ts';
import { byText } from '../lib/order.ts';
import type { AuditResult } from '../model/audit.ts';
import type { Evidence, Fact, Facts, Finding, Onset } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { type Ref, refKey } from '../model/ref.ts';
import { type Layer, layers, severityRank } from '../model/severity.ts';
import { commands, headline, type Pages, titleOf } from './page.ts';
import { decideCommand, nextSteps, plan } from './plan.ts';
import type { AuditDocument, EvidenceEntry, FindingEntry, IncidentEntry } from './schema.ts';
import { sentence } from './sentence.ts';
import { unknownEntries } from './unknown.ts';
import { againstWords } from './words.ts';

export interface DocumentOptions {
  /** Of evenkeel. */
  readonly version: string;
  /** The checks' pages by id; the built-in ones unless a test brings its own. */
  readonly pages?: Pages | undefined;
  /** Where the machines are declared, if not in evenkeel.yaml: the commands to run next name it. */
  readonly hostsFile?: string | undefined;
}

/** The result of an audit as data for others: every word and every id that a report needs. */
export function documentOf(
  result: AuditResult,
  { version, pages, hostsFile }: DocumentOptions,
): AuditDocument {
  const byId = new Map(result.findings.map((each) => [each.id, each]));
  const unknown = unknownEntries(result);
  const { context, server, version: serverVersion } = result.cluster;
  return {
    schema: 'evenkeel/audit/v1',
    tool: { name: 'evenkeel', version },
    cluster: { context, server, version: serverVersion ?? null },
    at: isoTime(result.at),
    serverDate: result.serverDate === undefined ? null : isoTime(result.serverDate),
    namespaces: result.namespaces ? [...result.namespaces] : null,
    hosts: hostEntries(result),
    sentence: sentence(result, pages),
    incidents: result.incidents.map((each) => incidentEntry(each, byId, pages)),
    alone: [...result.alone],
    postures: [...result.postures],
    works: worksOf(result, pages),
    unknown,
    state: result.state.map(({ area, percent, atMost, subjects, well, unknown: blind }) => ({
      area,
      percent,
      atMost,
      subjects,
      well,
      unknown: blind,
    })),
    plan: [...plan(result, unknown, { pages, hostsFile })],
    gone: goneOf(result, pages),
    findings: findingEntries(result, pages),
  };
}

/** The document as text that is valid JSON and safe to print: what a terminal would obey is `\u`. */
export function documentText(document: AuditDocument): string {
  return jsonText(document);
}

function hostEntries({ hosts }: AuditResult): AuditDocument['hosts'] {
  if (!hosts) return null;
  return hosts.map(({ name, node, answered, user, root, ways, unknown }) => ({
    name,
    node: node ?? null,
    answered,
    user: user ?? null,
    root: root ?? null,
    ways: ways.map((way) => ({
      name: way.name,
      outcome: way.outcome,
      detail: way.detail ?? null,
    })),
    unknown: [...unknown],
  }));
}

function incidentEntry(
  incident: Incident,
  byId: ReadonlyMap<string, Finding>,
  pages: Pages | undefined,
): IncidentEntry {
  const roots = incident.roots.flatMap((id) => byId.get(id) ?? []);
  return {
    id: incident.id,
    certainty: incident.certainty,
    severity: incident.severity,
    onset: onsetEntry(incident.onset),
    roots: [...incident.roots],
    suspected: suspectedEntry(incident, roots[0]),
    chain: incident.links.map(({ finding, cause, weight, depth }) => ({
      finding,
      cause,
      weight,
      depth,
    })),
    rivals: incident.rivals.map(({ roots: ids, weight, against }) => ({
      roots: [...ids],
      weight,
      against,
      why: againstWords[against],
    })),
    blind: [...incident.blind],
    evidence: roots.flatMap((each) =>
      each.verdict === 'unknown' ? [] : evidenceOf(each.evidence),
    ),
    contributing: [...incident.contributing],
    next: nextSteps(incident, roots, pages),
  };
}

function suspectedEntry(incident: Incident, root: Finding | undefined): IncidentEntry['suspected'] {
  if (!incident.suspected) return null;
  const { candidates, well, shared, what } = incident.suspected;
  const decide = decideCommand(incident, root);
  return { candidates: [...candidates], well: [...well], decide, shared, what };
}

function worksOf({ checks }: AuditResult, pages: Pages | undefined): AuditDocument['works'] {
  const entries = checks
    .map(({ id, layer, kind, state, judged, well }) => ({
      id,
      title: titleOf(id, pages),
      layer,
      kind,
      state,
      judged,
      well,
    }))
    .sort((a, b) => layers.indexOf(a.layer) - layers.indexOf(b.layer) || byText(a.id, b.id));
  const areas = layers.flatMap((area) => {
    const ran = entries.filter((each) => each.layer === area && each.state === 'ran');
    const sum = (key: 'judged' | 'well'): number => ran.reduce((all, each) => all + each[key], 0);
    const judged = sum('judged');
    return judged > 0 ? [{ area, checks: ran.length, judged, well: sum('well') }] : [];
  });
  return { areas, checks: entries };
}

function goneOf({ gone }: AuditResult, pages: Pages | undefined): AuditDocument['gone'] {
  if (!gone) return null;
  return gone.map(({ id, check, subject, change }) => ({
    id,
    check,
    title: titleOf(check, pages),
    subject,
    change,
  }));
}

function findingEntries(result: AuditResult, pages: Pages | undefined): FindingEntry[] {
  const incidentOf = new Map<string, string>();
  for (const { id, roots, links } of result.incidents) {
    for (const member of [...roots, ...links.map((link) => link.finding)])
      incidentOf.set(member, id);
  }
  return result.findings
    .map((finding) => ({
      ...baseEntry(finding, pages),
      ...verdictEntry(finding),
      incident: incidentOf.get(finding.id) ?? null,
      change: result.changes?.[finding.id] ?? null,
      commands: [...commands(finding, pages)],
    }))
    .sort(worstFirst);
}

function baseEntry(
  finding: Finding,
  pages: Pages | undefined,
): Pick<FindingEntry, 'id' | 'check' | 'title' | 'layer' | 'verdict' | 'subject' | 'headline'> {
  return {
    id: finding.id,
    check: finding.check,
    title: titleOf(finding.check, pages),
    layer: finding.check.slice(0, finding.check.indexOf('/')) as Layer,
    verdict: finding.verdict,
    subject: finding.subject ? refEntry(finding.subject) : null,
    headline: headline(finding, pages),
  };
}

type VerdictEntry = Pick<
  FindingEntry,
  'kind' | 'severity' | 'facts' | 'evidence' | 'onset' | 'endedAt' | 'reason' | 'detail'
>;

function verdictEntry(finding: Finding): VerdictEntry {
  const none = { kind: null, severity: null, facts: {}, evidence: [], onset: null, endedAt: null };
  if (finding.verdict === 'unknown') {
    const { severity, reason, detail } = finding;
    return { ...none, severity, reason, detail };
  }
  const seen = {
    ...none,
    facts: factsEntry(finding.facts),
    evidence: evidenceOf(finding.evidence),
    onset: onsetEntry(finding.onset),
    reason: null,
    detail: null,
  };
  if (finding.verdict === 'past') return { ...seen, endedAt: isoTime(finding.endedAt) };
  return { ...seen, kind: finding.kind, severity: finding.severity };
}

/** What is wrong, then what is not known, then what is over. */
const verdictOrder: readonly FindingEntry['verdict'][] = ['fail', 'unknown', 'past'];

function worstFirst(a: FindingEntry, b: FindingEntry): number {
  const order = ({ verdict }: FindingEntry): number => verdictOrder.indexOf(verdict);
  const rank = ({ severity }: FindingEntry): number => severityRank(severity ?? 'info');
  const key = ({ subject }: FindingEntry): string => (subject ? refKey(refOfEntry(subject)) : '');
  return (
    order(a) - order(b) ||
    rank(a) - rank(b) ||
    byText(a.check, b.check) ||
    byText(key(a), key(b)) ||
    byText(a.id, b.id)
  );
}

function refEntry({ kind, namespace, name }: Ref): EvidenceEntry['object'] {
  return { kind, namespace: namespace ?? null, name };
}

/** The reference that an entry was made from. */
export function refOfEntry({ kind, namespace, name }: EvidenceEntry['object']): Ref {
  return namespace === null ? { kind, name } : { kind, namespace, name };
}

function onsetEntry({ from, to }: Onset): IncidentEntry['onset'] {
  return { from: from === null || !Number.isFinite(from) ? null : isoTime(from), to: isoTime(to) };
}

function evidenceOf(evidence: readonly Evidence[]): EvidenceEntry[] {
  return evidence.map(({ object, field, value, at }) => ({
    object: refEntry(object),
    field,
    value: value === null ? null : factEntry(value),
    at: at === undefined ? null : isoTime(at),
  }));
}

function factsEntry(facts: Facts): FindingEntry['facts'] {
  const entries = Object.entries(facts).sort(([a], [b]) => byText(a, b));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const isTime = /At$/.test(name) && typeof value === 'number';
      return [name, isTime ? isoTime(value) : factEntry(value)];
    }),
  );
}

function factEntry(value: Fact): string | number | boolean | string[] {
  if (typeof value === 'object') return [...value];
  // JSON has no infinity; it would become null, which is no fact.
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
