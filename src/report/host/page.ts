import { formatDuration } from '../../lib/format.ts';
import { jsonText } from '../../lib/json-text.ts';
import type { Host, HostPart } from '../../model/objects/host/host.ts';
import { heading, type Look, labelled, lookOf, type TextOptions } from '../look.ts';
import { reasonWords, waysText } from '../words.ts';
import { type PartLines, partLines, rows } from './rows.ts';

/** Where the values begin. */
const column = 15;
/** The most lines of one row; `--output json` has all. */
const mostLines = 12;

/** One page a machine: how it was reached, and what was seen there. */
export function hostsText(
  hosts: readonly Host[],
  options: TextOptions & { readonly hint?: (host: Host) => string | undefined },
  now: number,
): string {
  const look = lookOf(options);
  const lines = hosts.flatMap((host) => {
    const hint = options.hint?.(host);
    const next = hint === undefined ? [] : labelled(look, 'next', hint, { column });
    return [...hostLines(look, host, now), ...next];
  });
  return `${lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()}\n`;
}

/** Everything, as data. */
export function hostsJson(hosts: readonly Host[]): string {
  return jsonText({ schema: 'evenkeel/hosts/v1', hosts });
}

function hostLines(look: Look, host: Host, now: number): string[] {
  const { reach, ways } = host;
  const head =
    reach.state === 'answered'
      ? `${host.metadata.name} answered in ${formatDuration(reach.tookMs)}`
      : `${host.metadata.name} could not be looked at`;
  const reached = ways.length > 0 ? waysText(ways) : 'no way was tried';
  if (reach.state === 'silent') {
    return [
      ...heading(look, head),
      ...labelled(look, 'ways', reached, { column, tone: 'doubt' }),
      ...labelled(look, 'why', reach.detail, { column }),
    ];
  }
  const who = `as ${reach.user}, ${reach.root ? 'with all rights' : 'NOT with all rights'}`;
  return [
    ...heading(look, head),
    ...labelled(look, 'reached', `${reached}; ${who}`, { column }),
    ...declaredLines(look, host),
    ...rows.flatMap((row) => rowLines(look, host, row, now)),
    ...notSeen(look, host),
  ];
}

function declaredLines(look: Look, { declared }: Host): string[] {
  const parts = [
    declared.node && `node ${declared.node}`,
    declared.hypervisor && `guest of ${declared.hypervisor}`,
    declared.switch && `on switch ${declared.switch}`,
    declared.uplink && `uplink ${declared.uplink}`,
    declared.optional && 'may be off',
  ].filter(Boolean);
  return parts.length > 0 ? labelled(look, 'declared', parts.join(', '), { column }) : [];
}

function rowLines(
  look: Look,
  host: Host,
  { label, parts }: (typeof rows)[number],
  now: number,
): string[] {
  const all = parts.flatMap((part) => linesOf(host, part, now));
  const more = all.length - mostLines;
  const shown = more > 0 ? [...all.slice(0, mostLines), `and ${more} more: --output json`] : all;
  return shown.flatMap((line, at) => labelled(look, at === 0 ? label : '', line, { column }));
}

function linesOf<P extends HostPart>(host: Host, part: P, now: number): readonly string[] {
  const seen: Host[P] = host[part];
  if (seen.state !== 'known') return [];
  const lines = partLines[part] as PartLines[P] | undefined;
  return lines ? lines(seen.value, now) : [];
}

/** Parts that could not be looked at, those with one reason on one line. */
function notSeen(look: Look, host: Host): string[] {
  const by = new Map<string, string[]>();
  for (const part of rows.flatMap(({ parts }) => parts)) {
    const seen = host[part];
    if (seen.state !== 'unknown') continue;
    const why = `${reasonWords[seen.reason]}: ${seen.detail}`;
    by.set(why, [...(by.get(why) ?? []), part]);
  }
  return [...by].flatMap(([why, parts], at) => {
    const text = `${parts.join(', ')}: ${why}`;
    return labelled(look, at === 0 ? 'not seen' : '', text, { column, tone: 'doubt' });
  });
}
