import * as z from 'zod';
import { unknownReasons } from '../model/facet.ts';
import { layers, severities } from '../model/severity.ts';

const time = z.iso.datetime().describe('RFC 3339, UTC');
const percent = z.number().min(0).max(100);
const share = z.number().min(0).max(1);
const count = z.number().int().min(0);
const findingId = z.string().describe('id of a finding');
const checkId = z.string().describe('id of a check: layer/name');
const commands = z.array(z.string()).describe('shell commands for a person, values quoted');
const severity = z.enum(severities);
const layer = z.enum(layers);

const ref = z
  .object({
    kind: z
      .string()
      .describe('group-qualified outside the core group: Deployment.apps; of machines: Host, Link'),
    namespace: z.string().nullable().describe('of a part of a machine: the host'),
    name: z.string(),
  })
  .meta({ id: 'ref', description: 'names one object of the cluster, one machine or part of it' });

const fact = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

const onset = z
  .object({
    from: time.nullable().describe('when it was last seen well; null: not known'),
    to: time.describe('when it was first seen broken'),
  })
  .meta({ id: 'onset', description: 'when it began: between these two' });

const evidence = z
  .object({
    object: ref,
    field: z.string(),
    value: fact.nullable(),
    at: time.nullable().describe('since when the field has this value; null: not known'),
  })
  .meta({ id: 'evidence', description: 'the one field of the one object that decides' });

const finding = z
  .object({
    id: z.string().describe('stable over runs: the same check on the same subject'),
    check: checkId,
    title: z.string().describe('title of the check'),
    layer,
    verdict: z.enum(['fail', 'past', 'unknown']).describe('past: it was broken and recovered'),
    kind: z.enum(['event', 'posture']).nullable().describe('null unless the verdict is fail'),
    severity: severity.nullable().describe('of an unknown: the worst it may hide; of a past: null'),
    subject: ref.nullable().describe('null where nothing at all could be looked at'),
    headline: z.string().describe('one line, safe to print'),
    facts: z
      .record(z.string(), fact)
      .describe('…Ms are durations, …At times (RFC 3339), …Bytes sizes, …Percent shares'),
    evidence: z.array(evidence),
    onset: onset.nullable(),
    endedAt: time.nullable().describe('when it recovered'),
    reason: z.enum(unknownReasons).nullable().describe('why it is unknown'),
    detail: z.string().nullable().describe('why it is unknown, for a person'),
    incident: z.string().nullable().describe('id of the incident that it belongs to'),
    change: z
      .enum(['new', 'ongoing', 'fixed', 'regressed'])
      .nullable()
      .describe('against the baseline; null without one'),
    commands,
  })
  .meta({ id: 'finding', description: 'what one check says of one subject' });

const suspected = z.object({
  candidates: z.array(z.string()).describe('what it may be'),
  well: z.array(z.string()).describe('what it is not: it was looked at, and is well'),
  decide: z.string().nullable().describe('the command whose answer would decide'),
  shared: z.boolean().describe('one thing below several roots'),
  what: z.string().describe('what the roots would have in common; empty when not shared'),
});

const way = z.object({
  name: z.string().describe('for a person: ssh josh@192.0.2.7:22'),
  outcome: z.string().describe('answered, not-tried, or why it led nowhere'),
  detail: z.string().nullable(),
});

const host = z
  .object({
    name: z.string().describe('as evenkeel.yaml calls it'),
    node: z.string().nullable().describe('the node that it carries; null: none, or not known'),
    answered: z.boolean(),
    user: z.string().nullable().describe('who we were there; null: it did not answer'),
    root: z.boolean().nullable(),
    ways: z.array(way).describe('every way that was tried, in order'),
    unknown: z.array(z.string()).describe('parts that could not be looked at though it answered'),
  })
  .meta({ id: 'host', description: 'how one machine was reached' });

const link = z.object({
  finding: findingId,
  cause: findingId.describe('its most likely cause'),
  weight: share.describe('how likely it follows from the root, by this cause or another'),
  depth: z.number().int().min(1).describe('steps from the root'),
});

const rival = z.object({
  roots: z.array(findingId),
  weight: share.describe('its share of belief beside the chosen explanation'),
  against: z.enum(['time', 'absent-effects', 'less-likely', 'recovered']),
  why: z.string().describe('why it lost, in words'),
});

const incident = z
  .object({
    id: z.string().describe('stable over runs while the root is the same'),
    certainty: z.enum(['certain', 'suspected', 'inconclusive']),
    severity,
    onset,
    roots: z.array(findingId).describe('several: above one shared suspected cause'),
    suspected: suspected.nullable().describe('a cause below the roots that cannot be seen'),
    chain: z.array(link).describe('everything that follows from the roots, causes first'),
    rivals: z.array(rival).describe('explanations that lost'),
    blind: z.array(findingId).describe('what could not be seen and might change the explanation'),
    evidence: z.array(evidence).describe('of the roots'),
    contributing: z.array(findingId).describe('postures that made it worse or possible'),
    next: commands,
  })
  .meta({ id: 'incident', description: 'one root cause and everything that follows from it' });

const checkSummary = z.object({
  id: checkId,
  title: z.string(),
  layer,
  kind: z.enum(['event', 'posture']),
  state: z
    .enum(['ran', 'blind', 'absent'])
    .describe('blind: it could not look; absent: what it reads is not installed'),
  judged: count.describe('subjects looked at'),
  well: count.describe('subjects of which nothing was said'),
});

const works = z.object({
  areas: z
    .array(
      z.object({ area: layer, checks: count.describe('that ran'), judged: count, well: count }),
    )
    .describe('judgements by layer: every check on every subject'),
  checks: z.array(checkSummary),
});

const unknown = z
  .object({
    reason: z.enum(unknownReasons),
    facets: z.array(z.string()).describe('the kinds of fact that are missing'),
    hosts: z.array(z.string()).describe('the machines that it is about'),
    detail: z.string(),
    checks: z.array(checkId),
    subjects: count.describe('how many subjects; 0: the checks could not look at all'),
    mayHide: severity.describe('the worst it may hide'),
    findings: z.array(findingId),
  })
  .meta({ id: 'unknown', description: 'what could not be seen for one reason' });

const area = z.object({
  area: layer,
  percent: percent.nullable().describe('null: nothing of this area applies'),
  atMost: percent.nullable().describe('if all that could not be seen were well'),
  subjects: count,
  well: count,
  unknown: count.describe('checks that could not look, or not everywhere'),
});

const action = z
  .object({
    priority: z.enum(['P0', 'P1', 'P2']),
    kind: z.enum(['incident', 'finding', 'posture', 'sight']),
    title: z.string(),
    why: z.array(z.string()).describe('ids of the incident and the findings behind it'),
    commands,
  })
  .meta({ id: 'action', description: 'one thing to do; effects of an incident are never one' });

const gone = z.object({
  id: findingId,
  check: checkId,
  title: z.string(),
  subject: z.string(),
  change: z.enum(['fixed', 'unseen']).describe('unseen: its check could not look this time'),
});

/** The shape of `--output json`. */
export const documentSchema = z
  .object({
    schema: z.literal('evenkeel/audit/v1'),
    tool: z.object({ name: z.literal('evenkeel'), version: z.string() }),
    cluster: z.object({
      context: z.string(),
      server: z.string(),
      version: z.string().nullable().describe('null: the server did not say'),
    }),
    at: time.describe('by the clock of the machine that looked'),
    serverDate: time.nullable().describe("by the API server's clock; null: it never answered"),
    namespaces: z.array(z.string()).nullable().describe('the scope asked for; null: all'),
    hosts: z.array(host).nullable().describe('the machines; null: none was looked at'),
    sentence: z.string().describe('the whole report in one line'),
    incidents: z.array(incident).describe('worst first'),
    alone: z.array(findingId).describe('events that belong to no incident, worst first'),
    postures: z.array(findingId).describe('what is risky though nothing broke, worst first'),
    works,
    unknown: z.array(unknown).describe('what could not be seen, and why'),
    state: z.array(area).describe('docs/reference/state.md has the formula'),
    plan: z.array(action).describe('what to do, P0 first'),
    gone: z.array(gone).nullable().describe('what the baseline had; null without one'),
    findings: z.array(finding).describe('all of them, worst first'),
  })
  .meta({ title: 'evenkeel audit', description: 'What `evenkeel audit --output json` prints.' });

export type AuditDocument = z.infer<typeof documentSchema>;
export type FindingEntry = AuditDocument['findings'][number];
export type IncidentEntry = AuditDocument['incidents'][number];
export type EvidenceEntry = FindingEntry['evidence'][number];
export type UnknownEntry = AuditDocument['unknown'][number];
export type ActionEntry = AuditDocument['plan'][number];

/** JSON Schema (2020-12) of the document. */
export function jsonSchema(): object {
  return z.toJSONSchema(documentSchema, { target: 'draft-2020-12' });
}

/** docs/reference/audit.schema.json */
export function schemaText(): string {
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
}
