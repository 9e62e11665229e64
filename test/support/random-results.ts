import fc from 'fast-check';
import type { AuditResult, HostSummary } from '../../src/model/audit.ts';
import { unknownReasons } from '../../src/model/facet.ts';
import type { CheckId, Facts, Finding } from '../../src/model/finding.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { Way } from '../../src/model/objects/host/reach.ts';
import { layers, severities } from '../../src/model/severity.ts';
import { samplePages } from './result-pages.ts';

/** What an object's name, a condition's message or an event may carry. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('k3s3', 'media/jellyfin', 'a'.repeat(300), '', '-rf', ' '),
  },
  fc.constantFrom(
    '\u001b[2J\u001b[1;1Hall well',
    '\u009b31mred',
    'one\ntwo\r\nthree\tfour',
    'user\u202egnp.exe',
    '\u2066\u2069\u200f\u061c',
    'a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
    '\u0301\u0302 leading marks',
    '漢字かな交じり文'.repeat(12),
    '👩‍👩‍👧 family 🇩🇪🇫🇷 flags',
    '$(reboot); `reboot` "x" \'y\' && z',
    '<img src=x onerror=alert(1)> [click](javascript:alert(1))',
    'https://evil.example www.evil.example admin@evil.example #12 @all',
    '```\n# heading\n1. one\n- two\n> three | four',
    '\ud800 lone \udc00 surrogates \u{e0041}\u{e0042}',
    '{name} {end} {{x}}',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);

const time = fc.oneof(
  fc.integer({ min: 1.6e12, max: 1.9e12 }),
  fc.constantFrom(0, -1, Number.NaN, Infinity, -Infinity, 1e17),
);
const onset = fc.record({ from: fc.option(time), to: time });
const severity = fc.constantFrom(...severities);
const check: fc.Arbitrary<CheckId> = fc.constantFrom(
  ...(Object.keys(samplePages) as CheckId[]),
  'gpu/never-heard-of' as const,
);
const ref = fc.record(
  {
    kind: fc.oneof(hostileText, fc.constantFrom('Host', 'Link', 'HAProxyServer')),
    namespace: hostileText,
    name: hostileText,
  },
  { requiredKeys: ['kind', 'name'] },
);
const fact = fc.oneof(
  hostileText,
  fc.double(),
  fc.boolean(),
  fc.array(hostileText, { maxLength: 9 }),
);
const factName = fc.oneof(
  fc.constantFrom('forMs', 'sinceAt', 'freeBytes', 'usedPercent', 'message', 'status', 'node'),
  fc.string({ maxLength: 12 }),
);
const facts = fc.dictionary(factName, fact, { maxKeys: 6 }) as fc.Arbitrary<Facts>;
const evidence = fc.array(
  fc.record({ object: ref, field: hostileText, value: fc.option(fact), at: time }),
  { maxLength: 3 },
);

function finding(id: string): fc.Arbitrary<Finding> {
  const base = { id: fc.constant(id), check };
  const seen = { ...base, subject: ref, onset, facts, evidence };
  return fc.oneof(
    fc.record({
      ...seen,
      verdict: fc.constant('fail' as const),
      kind: fc.constantFrom('event' as const, 'posture' as const),
      severity,
    }),
    fc.record({ ...seen, verdict: fc.constant('past' as const), endedAt: time }),
    fc.record({
      ...base,
      verdict: fc.constant('unknown' as const),
      subject: fc.option(ref, { nil: undefined }),
      severity,
      reason: fc.constantFrom(...unknownReasons),
      detail: hostileText,
    }),
  );
}

const ids = [...Array(14).keys()].map((at) => `F-${at}`);
const anyId = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, hostileText);
const share = fc.double({ min: 0, max: 1, noNaN: true });

const incident: fc.Arbitrary<Incident> = fc.record({
  id: fc.oneof(fc.constantFrom('I-1', 'I-2'), hostileText),
  certainty: fc.constantFrom('certain', 'suspected', 'inconclusive'),
  roots: fc.array(anyId, { maxLength: 3 }),
  suspected: fc.option(
    fc.record({
      candidates: fc.array(hostileText, { maxLength: 4 }),
      well: fc.array(hostileText, { maxLength: 2 }),
      decide: hostileText,
      shared: fc.boolean(),
      what: hostileText,
    }),
    { nil: undefined },
  ),
  links: fc.array(
    fc.record({
      finding: anyId,
      cause: anyId,
      weight: share,
      depth: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 20 },
  ),
  contributing: fc.array(anyId, { maxLength: 5 }),
  rivals: fc.array(
    fc.record({
      roots: fc.array(anyId, { maxLength: 4 }),
      weight: share,
      against: fc.constantFrom('time', 'absent-effects', 'less-likely', 'recovered'),
    }),
    { maxLength: 4 },
  ),
  blind: fc.array(anyId, { maxLength: 5 }),
  severity,
  onset,
});

const count = fc.integer({ min: 0, max: 90 });
const area = fc.constantFrom(...layers);

const way: fc.Arbitrary<Way> = fc.record({
  transport: fc.constantFrom('ssh', 'pct', 'local'),
  name: hostileText,
  outcome: fc.constantFrom('answered', 'timed-out', 'denied', 'not-tried'),
  detail: hostileText,
});
const machine: fc.Arbitrary<HostSummary> = fc.record({
  name: hostileText,
  node: hostileText,
  answered: fc.boolean(),
  user: hostileText,
  root: fc.boolean(),
  ways: fc.array(way, { maxLength: 3 }),
  unknown: fc.array(hostileText, { maxLength: 3 }),
});

/** Any audit at all, also such as no diagnosis would make: dangling ids, cycles, times from nowhere. */
export const anyResult: fc.Arbitrary<AuditResult> = fc.record({
  cluster: fc.record({ context: hostileText, server: hostileText, version: hostileText }),
  at: time,
  serverDate: fc.option(time, { nil: undefined }),
  namespaces: fc.option(fc.array(hostileText, { maxLength: 5 }), { nil: undefined }),
  hosts: fc.option(fc.array(machine, { maxLength: 4 }), { nil: undefined }),
  checks: fc.array(
    fc.record({
      id: check,
      layer: area,
      kind: fc.constantFrom('event' as const, 'posture' as const),
      state: fc.constantFrom('ran' as const, 'blind' as const, 'absent' as const),
      judged: count,
      well: count,
    }),
    { maxLength: 8 },
  ),
  findings: fc.tuple(...ids.map(finding)),
  incidents: fc.array(incident, { maxLength: 8 }),
  alone: fc.array(anyId, { maxLength: 8 }),
  postures: fc.array(anyId, { maxLength: 8 }),
  state: fc.array(
    fc.record({
      area,
      percent: fc.option(fc.integer({ min: 0, max: 100 })),
      atMost: fc.option(fc.integer({ min: 0, max: 100 })),
      subjects: count,
      well: count,
      unknown: count,
    }),
    { maxLength: 5 },
  ),
  changes: fc.option(
    fc.dictionary(fc.constantFrom(...ids), fc.constantFrom('new', 'ongoing', 'regressed')),
    { nil: undefined },
  ),
  gone: fc.option(
    fc.array(
      fc.record({
        id: anyId,
        check,
        subject: hostileText,
        change: fc.constantFrom('fixed', 'unseen'),
      }),
      { maxLength: 5 },
    ),
    { nil: undefined },
  ),
});
