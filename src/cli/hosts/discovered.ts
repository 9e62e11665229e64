import { jsonText } from '../../lib/json-text.ts';
import { type Host, hostParts } from '../../model/objects/host/host.ts';
import { block, commandLine, labelled, lookOf, type TextOptions } from '../../report/look.ts';
import { shellQuote } from '../../report/shell.ts';
import { waysText } from '../../report/words.ts';
import type { Proposed } from './propose.ts';
import { proposeFor, proposeInto, type Section } from './section.ts';

/** What is proposed, and, where the ways were tried, what became of them. */
export function discoveredJson(
  proposed: readonly Proposed[],
  seen: readonly Host[] | undefined,
): string {
  const hosts = proposed.map(({ name, entry, kept, node, notes }) => {
    const host = seen?.find(({ metadata }) => metadata.name === name);
    const looked = host && {
      answered: host.reach.state === 'answered',
      user: host.reach.state === 'answered' ? host.reach.user : null,
      root: host.reach.state === 'answered' ? host.reach.root : null,
      ways: host.ways,
      unknown: unknownParts(host),
    };
    return { name, node: node ?? null, kept, entry, notes, looked: looked ?? null };
  });
  return jsonText({ schema: 'evenkeel/hosts-discovered/v1', hosts });
}

const column = 16;

export function discoveredText(
  proposed: readonly Proposed[],
  seen: readonly Host[] | undefined,
  options: TextOptions & { readonly section: Section },
): string {
  const look = lookOf(options);
  const lines = proposed.flatMap(({ name, node, kept, entry }) => {
    const host = seen?.find(({ metadata }) => metadata.name === name);
    const what = [
      node === undefined ? 'no node' : node === name ? '' : `node ${node}`,
      kept ? `in ${options.section.file}` : 'proposed',
    ];
    const said = host ? reachWords(host) : Object.keys(entry).join(', ') || 'no way to it is known';
    const text = `${said} (${what.filter(Boolean).join(', ')})`;
    const tone = host?.reach.state === 'silent' ? 'doubt' : 'plain';
    return labelled(look, name, text, { column, tone });
  });
  const next = nextStep(proposed, seen, options.section);
  return `${[...lines, '', ...block(look, next.text), commandLine(look, next.command, 2)]
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

function reachWords(host: Host): string {
  const { reach, ways } = host;
  if (reach.state === 'silent') return ways.length > 0 ? waysText(ways) : reach.detail;
  const way = ways.find(({ outcome }) => outcome === 'answered')?.name ?? 'it';
  const rights = reach.root ? 'all rights' : 'NOT all rights';
  const unknown = unknownParts(host);
  const blind = unknown.length > 0 ? `; cannot see ${unknown.join(', ')}` : '; can see everything';
  return `${way} answers as ${reach.user}, ${rights}${blind}`;
}

function unknownParts(host: Host): readonly string[] {
  return hostParts.filter((part) => host[part].state === 'unknown');
}

interface Step {
  readonly text: string;
  readonly command: string;
}

function nextStep(
  proposed: readonly Proposed[],
  seen: readonly Host[] | undefined,
  { file, isThere }: Section,
): Step {
  const fresh = proposed.filter(({ kept }) => !kept);
  if (fresh.length > 0) {
    return {
      text: `Write what is missing into ${file}, and correct what is guessed:`,
      command: isThere ? proposeFor(file) : proposeInto(file),
    };
  }
  const silent = seen?.find(({ reach }) => reach.state === 'silent');
  if (silent) {
    return {
      text: `See why ${silent.metadata.name} does not answer:`,
      command: `evenkeel host facts ${silent.metadata.name} --hosts ${shellQuote(file)}`,
    };
  }
  if (!seen) {
    return { text: 'Try the ways:', command: `${proposeFor(file)} --check` };
  }
  return {
    text: 'Every machine answers. Look at all of it:',
    command: `evenkeel audit --hosts ${shellQuote(file)}`,
  };
}
