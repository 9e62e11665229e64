import { shortList } from '../../lib/format.ts';
import { safeText } from '../../lib/terminal-text.ts';
import type { Baseline } from '../../model/objects/host/host.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { baselineOf } from '../../observe/hosts/baseline.ts';
import type { Terminal } from '../spec.ts';
import { writeBaselines } from './baseline-file.ts';
import type { GivenHosts } from './given.ts';

/** Remembers what the machines are like that are well, and says of which not and why. */
export async function recordBaseline(
  { baselineFile }: GivenHosts,
  { at, facets: { hosts } }: Snapshot,
  { stderr }: Pick<Terminal, 'stderr'>,
): Promise<void> {
  if (baselineFile === undefined) return;
  const fresh = new Map<string, Baseline>();
  const refused: string[] = [];
  for (const host of hosts.state === 'known' ? hosts.value : []) {
    const { name } = host.metadata;
    const recorded = baselineOf(host, at);
    if ('baseline' in recorded) fresh.set(name, recorded.baseline);
    else refused.push(`${name}: ${recorded.refused}`);
  }
  if (fresh.size > 0) await writeBaselines(baselineFile, fresh);
  const names = fresh.size > 0 ? shortList([...fresh.keys()], 8) : 'no machine';
  const lines = [
    `baseline recorded of ${names}${fresh.size > 0 ? ` in ${baselineFile}` : ''}`,
    ...refused.map((each) => `not recorded of ${each}`),
  ];
  for (const line of lines) stderr.write(`${safeText(line, 400)}\n`);
}
