import packageJson from '../../../package.json' with { type: 'json' };
import { checks } from '../../checks/registry.gen.ts';
import { optionsOf } from '../../config/check-options.ts';
import { auditSnapshot } from '../../diagnose/audit.ts';
import { nearest } from '../../lib/nearest.ts';
import { type Check, readsOf } from '../../model/check.ts';
import { documentOf } from '../../report/document.ts';
import { explainCheck, explainFinding, explainIncident } from '../../report/explain.ts';
import type { AuditDocument } from '../../report/schema.ts';
import { readReport } from '../baseline.ts';
import { hostsIfAsked } from '../hosts/given.ts';
import { observe } from '../observe.ts';
import { screenOf } from '../screen.ts';
import { loadConfig, unusual } from '../selection.ts';
import { exitCodes, type OptionValues, Problem, type Terminal } from '../spec.ts';

export async function run(
  [id = '']: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const screen = screenOf(terminal);
  const check = checks.find((each) => each.id === id || each.code === id);
  if (check) {
    terminal.stdout.write(`${explainCheck(check.id, screen) ?? ''}\n${aboutCheck(check)}`);
    return exitCodes.ok;
  }
  if (!/^[IF]-/.test(id)) {
    throw new Problem(
      unknownName(id),
      'list the checks with: evenkeel checks; incidents and findings with: evenkeel audit',
    );
  }
  const document = await auditedDocument(options, terminal);
  const text = id.startsWith('I-')
    ? explainIncident(document, id, screen)
    : explainFinding(document, id, screen);
  if (text === undefined) {
    throw new Problem(`there is no ${id} in this audit`, 'see what there is with: evenkeel audit');
  }
  terminal.stdout.write(text);
  return exitCodes.ok;
}

function unknownName(id: string): string {
  const near = nearest(
    id,
    checks.map((each) => each.id),
  );
  const hint = near ? `; did you mean ${near}?` : '';
  return `${id} is no check (layer/name), incident (I-…) or finding (F-…)${hint}`;
}

/** What its page does not say: it stands in the code, and only there. */
function aboutCheck(check: Check): string {
  const effects = [...new Set(check.explains.map((rule) => rule.effect))];
  const options = optionsOf(check).map(
    ({ name, default: fallback, description }) => `  ${name} (default ${fallback}): ${description}`,
  );
  return [
    `${check.code} · ${check.kind} · up to ${check.severity} · ${check.maturity}`,
    `Reads: ${readsOf(check, (name) => `${name} (if it can be seen)`)}`,
    ...(effects.length > 0 ? [`Explains: ${effects.join(', ')}`] : []),
    ...(options.length > 0 ? ['Options:', ...options] : []),
    '',
  ].join('\n');
}

async function auditedDocument(options: OptionValues, terminal: Terminal): Promise<AuditDocument> {
  if (typeof options['report'] === 'string') return await readReport(options['report']);
  const config = await loadConfig(options, terminal);
  const hosts = await hostsIfAsked(options, config, terminal);
  const snapshot = await observe(options, terminal, { hosts });
  const result = auditSnapshot(snapshot, checks, { options: config.checks?.options ?? {} });
  return documentOf(result, { version: packageJson.version, hostsFile: unusual(hosts?.file) });
}
