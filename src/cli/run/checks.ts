import { checks } from '../../checks/registry.gen.ts';
import { type Check, readsOf } from '../../model/check.ts';
import { exitCodes, type OptionValues, Problem, type Terminal } from '../spec.ts';

export async function run(
  [layer]: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const shown = layer === undefined ? checks : checks.filter((check) => check.layer === layer);
  if (shown.length === 0) {
    const known = [...new Set(checks.map((check) => check.layer))].join(', ');
    throw new Problem(`no check is in a layer ${layer}`, `the layers with checks are: ${known}`);
  }
  const format = formats[String(options['output'])] ?? asText;
  terminal.stdout.write(format(shown));
  return exitCodes.ok;
}

const formats: { readonly [name: string]: (checks: readonly Check[]) => string } = {
  text: asText,
  json: (shown) => `${JSON.stringify(shown.map(summaryOf), undefined, 2)}\n`,
  markdown: asMarkdown,
};

function summaryOf(check: Check): object {
  const { code, id, title, layer, kind, severity, maturity, reads, wants, either } = check;
  const explains = [...new Set(check.explains.map((rule) => rule.effect))];
  return { code, id, title, layer, kind, severity, maturity, reads, wants, either, explains };
}

function asText(shown: readonly Check[]): string {
  const wide = Math.max(...shown.map((check) => check.id.length));
  const lines = shown.flatMap((check) => [
    `${check.id.padEnd(wide)}  ${check.kind.padEnd(7)}  ${check.severity.padEnd(8)}  ${check.title}`,
    `${''.padEnd(wide)}  reads ${readsOf(check, (name) => `${name}?`)}`,
    ...explainsLine(check, wide),
  ]);
  return `${lines.join('\n')}\n\nA page of one: evenkeel explain ${shown[0]?.id}\n`;
}

function explainsLine(check: Check, wide: number): string[] {
  const effects = [...new Set(check.explains.map((rule) => rule.effect))];
  return effects.length > 0 ? [`${''.padEnd(wide)}  explains ${effects.join(', ')}`] : [];
}

function asMarkdown(shown: readonly Check[]): string {
  const rows = shown.map((check) => {
    const explains = [...new Set(check.explains.map((rule) => rule.effect))].join(', ');
    const reads = readsOf(check, (name) => `${name} (optional)`);
    return `| ${check.code} | ${check.id} | ${check.title} | ${check.kind} | ${check.severity} | ${reads} | ${explains} |`;
  });
  return [
    '| Code | Check | Title | Kind | Severity | Reads | Explains |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
