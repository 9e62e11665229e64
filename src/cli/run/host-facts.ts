import type { Host } from '../../model/objects/host/host.ts';
import { hostsJson, hostsText } from '../../report/host/page.ts';
import { exitOfReach, lookAlone } from '../hosts/alone.ts';
import { hintFor } from '../hosts/hint.ts';
import { recordBaseline } from '../hosts/record-baseline.ts';
import { machinesOnly } from '../hosts/snapshot.ts';
import { screenOf } from '../screen.ts';
import type { OptionValues, Terminal } from '../spec.ts';

export async function run(
  names: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const { hosts, facet, seen } = await lookAlone(names, options, terminal);
  const now = terminal.clock.now();
  const hint = (host: Host): string | undefined => hintFor(host, hosts.all);
  const text =
    options['output'] === 'json'
      ? hostsJson(seen)
      : hostsText(seen, { ...screenOf(terminal), hint }, now);
  terminal.stdout.write(text);
  if (options['recordBaseline'] === true) {
    await recordBaseline(hosts, machinesOnly(hosts.file, facet, now), terminal);
  }
  return exitOfReach(seen);
}
