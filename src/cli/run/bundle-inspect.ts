import { isoTime } from '../../lib/format.ts';
import { jsonText } from '../../lib/json-text.ts';
import { safeText } from '../../lib/terminal-text.ts';
import type { Facet } from '../../model/facet.ts';
import { facetNames } from '../../model/facets.ts';
import { unpackBundle } from '../../observe/sources/bundle.ts';
import { readInput } from '../read.ts';
import { exitCodes, type OptionValues, type Terminal } from '../spec.ts';

export async function run(
  [file = '']: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const bytes = await readInput(file, 'bundle');
  const { cluster, at, namespaces, facets } = unpackBundle(bytes);
  const rows = facetNames.map((name) => ({ facet: name, ...summaryOf(facets[name]) }));
  const summary = { cluster, at: isoTime(at), namespaces, bytes: bytes.length };
  if (options['output'] === 'json') {
    terminal.stdout.write(jsonText({ ...summary, facets: rows }));
    return exitCodes.ok;
  }
  const wide = Math.max(...facetNames.map((name) => name.length));
  const lines = [
    `cluster   ${cluster.context} at ${cluster.server}, ${cluster.version ?? 'version unknown'}`,
    `recorded  ${summary.at}`,
    ...(namespaces ? [`scope     namespaces ${namespaces.join(', ')}`] : []),
    '',
    ...rows.map(({ facet, state, items, detail }) =>
      [facet.padEnd(wide), state.padEnd(7), String(items ?? '').padStart(6), detail]
        .join('  ')
        .trimEnd(),
    ),
  ];
  terminal.stdout.write(`${lines.map((line) => safeText(line)).join('\n')}\n`);
  return exitCodes.ok;
}

function summaryOf(facet: Facet<unknown>): { state: string; items?: number; detail: string } {
  if (facet.state === 'absent') return { state: 'absent', detail: 'not installed' };
  if (facet.state === 'unknown') {
    return { state: 'unknown', detail: `${facet.reason}: ${facet.detail}` };
  }
  const items = Array.isArray(facet.value) ? facet.value.length : 1;
  const where = facet.scope === 'cluster' ? '' : `in ${facet.scope.namespaces.join(', ')} only`;
  const odd = facet.rejected.length > 0 ? `${facet.rejected.length} could not be read` : '';
  return { state: 'known', items, detail: [where, odd].filter(Boolean).join('; ') };
}
