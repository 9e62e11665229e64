import { hostFailureTexts, whyOf } from '../../access/host/failure-texts.ts';
import type { HostSettings } from '../../access/host/settings.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Way } from '../../model/objects/host/reach.ts';
import { shellQuote } from '../../report/shell.ts';

/**
 * Why a machine that did not answer usually does not, and what to do next; undefined if it did.
 * `all` are the machines as the file has them.
 */
export function hintFor(
  { metadata, reach, ways }: Host,
  all: readonly HostSettings[],
): string | undefined {
  if (reach.state === 'answered') return undefined;
  const text = hostFailureTexts[reach.reason];
  const way = ways.find(({ outcome }) => outcome === reach.reason);
  const settings = all.find(({ name }) => name === metadata.name);
  const values: { readonly [name: string]: string } = {
    host: metadata.name,
    way: way?.name ?? metadata.name,
    byHand: way ? byHand(way, settings) : `ping -c 3 ${shellQuote(metadata.name)}`,
  };
  const fill = (template: string): string =>
    template.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
  return `${fill(whyOf(text, way))} ${way?.next ?? fill(text.next)}`;
}

/** A command that goes the same way. */
function byHand({ transport, name }: Way, settings: HostSettings | undefined): string {
  const ssh = /^ssh (\S+@\S+?)(?::(\d+))?$/.exec(name);
  if (ssh) {
    const port = ssh[2] === undefined || ssh[2] === '22' ? '' : `-p ${ssh[2]} `;
    const file = settings?.ssh?.identityFile;
    // Without it `ssh` would offer other keys, and fail or succeed for reasons of its own.
    const key = file === undefined ? '' : `-i ${wordOf(file)} `;
    return `ssh -v ${port}${key}${shellQuote((ssh[1] ?? '').replace(/[[\]]/g, ''))} true`;
  }
  const pct = /^pct (\d+) on (\S+)$/.exec(name);
  if (pct) return `pct status ${pct[1]}`;
  return transport === 'local' ? 'sudo -n id' : 'lxc-ls -f';
}

/** A shell puts the home directory in the place of a `~` that no quotes hide. */
function wordOf(file: string): string {
  return file.startsWith('~/') ? `~/${shellQuote(file.slice(2))}` : shellQuote(file);
}
