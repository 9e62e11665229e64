import packageJson from '../../../package.json' with { type: 'json' };
import { auditSnapshot } from '../../diagnose/audit.ts';
import type { Baseline } from '../../diagnose/lifecycle.ts';
import type { AuditResult } from '../../model/audit.ts';
import { isAtLeast, type Severity } from '../../model/severity.ts';
import { type Snapshot, wasObserved, wereHostsSeen } from '../../model/snapshot.ts';
import { documentOf, documentText } from '../../report/document.ts';
import { renderMarkdown } from '../../report/markdown.ts';
import type { AuditDocument } from '../../report/schema.ts';
import { renderText } from '../../report/text.ts';
import { readBaseline } from '../baseline.ts';
import { hostsIfAsked } from '../hosts/given.ts';
import { recordBaseline } from '../hosts/record-baseline.ts';
import { observe } from '../observe.ts';
import { withConfig } from '../options.ts';
import { screenOf } from '../screen.ts';
import { facetsFor, loadConfig, selectChecks, unusual } from '../selection.ts';
import { exitCodes, type OptionValues, Problem, type Terminal } from '../spec.ts';
import { writeWhole } from '../write.ts';

export async function run(
  _args: readonly string[],
  given: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const config = await loadConfig(given, terminal);
  const options = withConfig(given, config);
  const checks = selectChecks(options, config);
  const baseline = await baselineOf(options);
  const hosts = await hostsIfAsked(options, config, terminal);
  const facets = facetsFor(checks);
  const isSeen = !facets || facets.has('hosts');
  const snapshot = await observe(options, terminal, { facets, hosts: isSeen ? hosts : undefined });
  const result = auditSnapshot(snapshot, checks, {
    baseline,
    options: config.checks?.options ?? {},
  });
  const document = documentOf(result, {
    version: packageJson.version,
    hostsFile: unusual(hosts?.file),
  });
  const out = options['out'];
  const text = rendered(document, options, typeof out === 'string' ? undefined : terminal);
  if (typeof out === 'string') await writeWhole(out, text);
  else terminal.stdout.write(text);
  if (hosts && given['recordBaseline'] === true) await recordBaseline(hosts, snapshot, terminal);
  if (!(wasObserved(snapshot) || wereHostsSeen(snapshot)) || isBlind(result))
    throw notObserved(snapshot, options);
  return fails(document, String(options['failOn'] ?? 'high') as Severity)
    ? exitCodes.findings
    : exitCodes.ok;
}

async function baselineOf(options: OptionValues): Promise<Baseline | undefined> {
  const file = options['baseline'];
  return typeof file === 'string' ? await readBaseline(file) : undefined;
}

function rendered(
  document: AuditDocument,
  options: OptionValues,
  terminal: Terminal | undefined,
): string {
  switch (options['output']) {
    case 'json':
      return documentText(document);
    case 'markdown':
      return renderMarkdown(document);
    default:
      return renderText(document, screenOf(terminal));
  }
}

/** Of the checks that were asked for, some could not look and none did. */
function isBlind({ checks }: AuditResult): boolean {
  const states = checks.map((check) => check.state);
  return states.includes('blind') && !states.includes('ran');
}

/** The report says what is unknown; this, in one line, why. */
function notObserved({ facets: { access } }: Snapshot, options: OptionValues): Problem {
  const refused = access.state === 'known' && access.value.outcome !== 'ok' && access.value;
  const why = refused ? (refused.detail ?? refused.outcome) : 'nothing of it may be read';
  const next =
    options['bundle'] === undefined
      ? 'see what is in the way with: evenkeel doctor'
      : 'record it again with: evenkeel bundle create';
  return new Problem(`the cluster could not be observed: ${why}`, next, exitCodes.notObserved);
}

function fails(document: AuditDocument, threshold: Severity): boolean {
  return document.findings.some(
    ({ verdict, severity }) =>
      verdict === 'fail' && severity !== null && isAtLeast(severity, threshold),
  );
}
