import { resolve } from 'node:path';
import { wereHostsSeen } from '../../model/snapshot.ts';
import { packBundle } from '../../observe/sources/bundle.ts';
import { hostsIfAsked } from '../hosts/given.ts';
import { observe } from '../observe.ts';
import { loadConfig } from '../selection.ts';
import { exitCodes, type OptionValues, Problem, type Terminal } from '../spec.ts';
import { writeWhole } from '../write.ts';

export async function run(
  _args: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const config = typeof options['hosts'] === 'string' ? await loadConfig(options, terminal) : {};
  const hosts = await hostsIfAsked(options, config, terminal);
  const snapshot = await observe(options, terminal, { hosts });
  const { access } = snapshot.facets;
  const isIn = access.state !== 'known' || access.value.outcome === 'ok';
  // What the machines show of a cluster that is down is what one would want to keep.
  if (!isIn && !wereHostsSeen(snapshot)) {
    throw new Problem(
      `the cluster could not be observed, so no bundle was made: ${access.value.detail ?? access.value.outcome}`,
      'see what is in the way with: evenkeel doctor',
      exitCodes.notObserved,
    );
  }
  const named = options['out'];
  const file = typeof named === 'string' ? named : usualName(snapshot.cluster.context, snapshot.at);
  const bytes = packBundle(snapshot);
  await writeWhole(resolve(terminal.cwd, file), bytes);
  terminal.stdout.write(`${file} (${Math.ceil(bytes.length / 1024)} KiB)\n`);
  return exitCodes.ok;
}

function usualName(context: string, at: number): string {
  const time = new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, '');
  return `evenkeel-${context.replace(/[^\w.-]+/g, '_').slice(0, 60)}-${time}.evenkeel.gz`;
}
