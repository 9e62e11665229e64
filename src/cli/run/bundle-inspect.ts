import { isoTime, shortList } from '../../lib/format.ts';
import { jsonText } from '../../lib/json-text.ts';
import { safeText } from '../../lib/terminal-text.ts';
import { type Facet, listed } from '../../model/facet.ts';
import { facetNames } from '../../model/facets.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Facets } from '../../model/snapshot.ts';
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
  const rows = facetNames.map((name) => {
    const row = { facet: name, ...summaryOf(facets[name]) };
    const reached = name === 'hosts' ? reachedOf(facets.hosts) : '';
    return { ...row, detail: [row.detail, reached].filter(Boolean).join('; ') };
  });
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

/** `k3s1, k3s2 answered; k3s3 silent` */
function reachedOf(facet: Facets['hosts']): string {
  const all = listed(facet);
  const named = (state: Host['reach']['state'], word: string): string => {
    const names = all.filter(({ reach }) => reach.state === state);
    return names.length > 0
      ? `${shortList(names.map(({ metadata }) => metadata.name))} ${word}`
      : '';
  };
  return [named('answered', 'answered'), named('silent', 'silent')].filter(Boolean).join('; ');
}
