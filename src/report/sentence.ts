import { allOf, oneOf, plural, shortList } from '../lib/format.ts';
import { safeText } from '../lib/terminal-text.ts';
import type { AuditResult } from '../model/audit.ts';
import type { Finding } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { headline, type Pages } from './page.ts';

/** The longest that one headline may be within the sentence. */
const headlineLimit = 160;

/** The whole report in one line, which never claims more than was seen. */
export function sentence(result: AuditResult, pages?: Pages): string {
  const say = (id: string | undefined): string => clause(result, id, pages);
  const body =
    unobservable(result) ??
    byIncidents(result, say) ??
    byAlone(result, say) ??
    byPostures(result, say) ??
    nothing(result);
  const scope = result.namespaces?.map((name) => safeText(name, 63));
  if (!scope) return body.charAt(0).toUpperCase() + body.slice(1);
  const noun = scope.length === 1 ? 'namespace' : 'namespaces';
  return `In ${noun} ${shortList(scope)} only: ${body}`;
}

type Say = (id: string | undefined) => string;

function clause(result: AuditResult, id: string | undefined, pages: Pages | undefined): string {
  const finding = result.findings.find((each) => each.id === id);
  if (!finding) return safeText(id ?? 'nothing', headlineLimit);
  return shortened(safeText(headline(finding, pages))).replace(/\.$/, '');
}

/** Cut between words, and said so. */
function shortened(text: string): string {
  if (text.length <= headlineLimit) return text;
  const cut = text.slice(0, headlineLimit);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), headlineLimit / 2))} …`;
}

/** How many checks could not look, in words; undefined when all could. */
function sightless({ checks, findings }: AuditResult): string | undefined {
  const unknown = findings.filter((each) => each.verdict === 'unknown');
  const blind = new Set(checks.filter((each) => each.state === 'blind').map((each) => each.id));
  const partly = new Set(unknown.map((each) => each.check).filter((check) => !blind.has(check)));
  const waiting = new Set(unknown.filter(waitsForHosts).map((each) => each.check));
  const lost = [...blind].filter((check) => !waiting.has(check)).length;
  const parts = [
    waiting.size > 0 ? 'the machines were not looked at' : '',
    lost > 0 ? `${plural(lost, 'check')} could not look` : '',
    partly.size > 0 && lost > 0 ? `${partly.size} more not everywhere` : '',
    partly.size > 0 && lost === 0
      ? `${plural(partly.size, 'check')} could not look everywhere`
      : '',
  ];
  return parts.filter(Boolean).join(', ') || undefined;
}

/** It reads machines and nobody asked for them: one thing that is missing, not as many as checks. */
function waitsForHosts(finding: Finding): boolean {
  if (finding.verdict !== 'unknown' || !finding.gaps || finding.gaps.length === 0) return false;
  return finding.gaps.every(({ facet, reason }) => facet === 'hosts' && reason === 'not-collected');
}

function unobservable(result: AuditResult): string | undefined {
  const context = safeText(result.cluster.context, 80);
  if (result.unobserved !== undefined && events(result).length === 0) {
    const why = safeText(result.unobserved, headlineLimit).replace(/\.$/, '');
    const seen = answeringHosts(result);
    return seen > 0
      ? `the cluster ${context} could not be observed: ${why}; nothing is broken in what could be seen of ${plural(seen, 'machine')}.`
      : `the cluster ${context} could not be observed, so nothing is known of its state: ${why}.`;
  }
  if (result.checks.length === 0) return `no check was run on ${context}: its state is not known.`;
  if (result.checks.some((each) => each.state === 'ran')) return undefined;
  const blind = result.findings.find((each) => each.verdict === 'unknown');
  if (blind?.verdict !== 'unknown')
    return `nothing of ${context} that a check applies to was found.`;
  const why = safeText(blind.detail, headlineLimit).replace(/\.$/, '');
  return `nothing could be seen of ${context}, so nothing is known of its state: ${why}.`;
}

function answeringHosts({ hosts = [] }: AuditResult): number {
  return hosts.filter((each) => each.answered).length;
}

function events({ findings }: AuditResult): readonly Finding[] {
  return findings.filter((each) => each.verdict === 'fail' && each.kind === 'event');
}

function byIncidents(result: AuditResult, say: Say): string | undefined {
  const { incidents } = result;
  const [worst] = incidents;
  if (!worst) return undefined;
  const failed = new Set(events(result).map((each) => each.id));
  const explained = new Set(
    incidents
      .flatMap(({ roots, links }) => [...roots, ...links.map((link) => link.finding)])
      .filter((id) => failed.has(id)),
  );
  const lead = leadOf(incidents, explained.size, failed.size);
  const body = `${lead}: ${incidents.length > 1 ? 'the worst: ' : ''}${causeOf(worst, say)}.`;
  // What is broken is seen on the machines only: of all else nothing is known.
  const only =
    result.unobserved !== undefined && answeringHosts(result) > 0
      ? ' The API server shows nothing: all that it alone could tell is unknown.'
      : '';
  return body.replace(': the worst:', '; the worst:') + only;
}

function leadOf(incidents: readonly Incident[], explained: number, all: number): string {
  const one = incidents.length === 1;
  const undecided = incidents.every((each) => each.certainty === 'inconclusive');
  const verb = undecided ? (one ? 'ties together' : 'tie together') : one ? 'explains' : 'explain';
  const count = plural(incidents.length, 'incident');
  if (all <= 1) return count;
  if (explained === all) return `${count} ${verb} all ${all} findings`;
  return `${count} ${verb} ${explained} of ${all} findings`;
}

/** The root in words, and how far down the eye reached. */
function causeOf(incident: Incident, say: Say): string {
  const { certainty, roots, suspected, rivals } = incident;
  const more = roots.length - 1;
  const same = more > 0 ? ` (and ${plural(more, 'other')} at the same time)` : '';
  const root = `${say(roots[0])}${same}`;
  if (certainty === 'inconclusive') {
    const rival = rivals[0] ? `; it may as well be this: ${say(rivals[0].roots[0])}` : '';
    return `${root}, but the cause is undecided${rival}`;
  }
  if (!suspected) return root;
  const below = suspected.shared && suspected.what ? [suspected.what] : suspected.candidates;
  const well = suspected.well.length > 0 ? `; well: ${safeText(allOf(suspected.well))}` : '';
  if (below.length === 0) return `${root}${well}; the cause below it is not visible from here`;
  const words = safeText(oneOf(below), headlineLimit);
  if (well) return `${root}${well}; whether it is ${words} is not visible from here`;
  if (suspected.shared) {
    // What is declared has a name: that they share it is known, and whether it failed is not.
    const whether = words.startsWith('the ') ? `it is ${words}` : `they share ${words}`;
    return `${root}; whether ${whether} is not visible from here`;
  }
  return `${root}; whether ${words} is not visible from here`;
}

function withSight(text: string, result: AuditResult): string {
  const sight = sightless(result);
  return sight ? `${text}; ${sight}.` : `${text}.`;
}

function byAlone(result: AuditResult, say: Say): string | undefined {
  const { alone } = result;
  if (alone.length === 0) return undefined;
  if (alone.length === 1) {
    return withSight(`no incident; 1 finding stands alone: ${say(alone[0])}`, result);
  }
  const lead = `no incident; ${alone.length} findings stand alone, the worst`;
  return withSight(`${lead}: ${say(alone[0])}`, result);
}

function byPostures(result: AuditResult, say: Say): string | undefined {
  const { postures } = result;
  if (postures.length === 0) return undefined;
  const worst = postures.length > 1 ? ', the worst' : '';
  const risks = plural(postures.length, 'risk');
  const text = `nothing is broken in what could be seen, but there ${postures.length > 1 ? 'are' : 'is'} ${risks}${worst}: ${say(postures[0])}`;
  return withSight(text, result);
}

function nothing(result: AuditResult): string {
  const ran = result.checks.filter((each) => each.state === 'ran');
  const judged = ran.reduce((sum, each) => sum + each.judged, 0);
  const text = `${plural(ran.length, 'check')} made ${plural(judged, 'judgement')}`;
  if (judged === 0)
    return withSight(`nothing was found to judge: ${plural(ran.length, 'check')} ran`, result);
  return withSight(`nothing is broken in what could be seen: ${text}`, result);
}
