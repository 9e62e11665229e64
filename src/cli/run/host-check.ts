import packageJson from '../../../package.json' with { type: 'json' };
import { auditSnapshot } from '../../diagnose/audit.ts';
import { isAtLeast, type Severity } from '../../model/severity.ts';
import { wereHostsSeen } from '../../model/snapshot.ts';
import { documentOf, documentText } from '../../report/document.ts';
import { renderText } from '../../report/text.ts';
import { lookAlone } from '../hosts/alone.ts';
import { machineChecks } from '../hosts/checks.ts';
import { recordBaseline } from '../hosts/record-baseline.ts';
import { proposeFor } from '../hosts/section.ts';
import { machinesOnly } from '../hosts/snapshot.ts';
import { screenOf } from '../screen.ts';
import { unusual } from '../selection.ts';
import { exitCodes, type OptionValues, Problem, type Terminal } from '../spec.ts';

export async function run(
  names: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const { hosts, config, facet } = await lookAlone(names, options, terminal);
  const snapshot = machinesOnly(hosts.file, facet, terminal.clock.now());
  const result = auditSnapshot(snapshot, machineChecks, { options: config.checks?.options ?? {} });
  const document = documentOf(result, {
    version: packageJson.version,
    hostsFile: unusual(hosts.file),
  });
  terminal.stdout.write(
    options['output'] === 'json'
      ? documentText(document)
      : renderText(document, screenOf(terminal)),
  );
  if (options['recordBaseline'] === true) await recordBaseline(hosts, snapshot, terminal);
  if (!wereHostsSeen(snapshot)) {
    throw new Problem(
      'no machine answered',
      `see why with: ${proposeFor(hosts.file)} --check`,
      exitCodes.notObserved,
    );
  }
  const threshold = (options['failOn'] ?? config.audit?.failOn ?? 'high') as Severity;
  const fails = result.findings.some(
    (each) => each.verdict === 'fail' && isAtLeast(each.severity, threshold),
  );
  return fails ? exitCodes.findings : exitCodes.ok;
}
