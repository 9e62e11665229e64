import { hostFailureTexts } from '../../access/host/failure-texts.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Way } from '../../model/objects/host/reach.ts';
import { shellQuote } from '../../report/shell.ts';

/** Why a machine that did not answer usually does not, and what to do next; undefined if it did. */
export function hintFor({ metadata, reach, ways }: Host): string | undefined {
  if (reach.state === 'answered') return undefined;
  const { why, next } = hostFailureTexts[reach.reason];
  const way = ways.find(({ outcome }) => outcome === reach.reason);
  const values: { readonly [name: string]: string } = {
    host: metadata.name,
    way: way?.name ?? metadata.name,
    byHand: way ? byHand(way) : `ping -c 3 ${shellQuote(metadata.name)}`,
  };
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
  return `${fill(why)} ${fill(next)}`;
}

/** A command that goes the same way. */
function byHand({ transport, name }: Way): string {
  const ssh = /^ssh (\S+@\S+?)(?::(\d+))?$/.exec(name);
  if (ssh) {
    const port = ssh[2] === undefined || ssh[2] === '22' ? '' : `-p ${ssh[2]} `;
    return `ssh -v ${port}${shellQuote((ssh[1] ?? '').replace(/[[\]]/g, ''))} true`;
  }
  const pct = /^pct (\d+) on (\S+)$/.exec(name);
  if (pct) return `pct status ${pct[1]}`;
  return transport === 'local' ? 'sudo -n id' : 'lxc-ls -f';
}
