import { join } from 'node:path';
import { hostSettings } from '../../config/hosts.ts';
import type { HostsSection } from '../../config/hosts-schema.ts';
import { listed } from '../../model/facet.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Node } from '../../model/objects/node.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { exitOfReach } from '../hosts/alone.ts';
import { containersBy } from '../hosts/containers.ts';
import { discoveredJson, discoveredText } from '../hosts/discovered.ts';
import { type GivenHosts, hostsOf } from '../hosts/given.ts';
import { lookAtHosts, withReaders } from '../hosts/look.ts';
import { type Proposed, proposeHosts, sectionYaml } from '../hosts/propose.ts';
import { observe, signalOf, timeoutOf } from '../observe.ts';
import { readIfThere } from '../read.ts';
import { screenOf } from '../screen.ts';
import { loadFile, usualFile } from '../selection.ts';
import { exitCodes, type OptionValues, Problem, type Terminal } from '../spec.ts';

export async function run(
  _args: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const { file, section } = await sectionOf(options, terminal);
  const nodes = await nodesOf(section, options, terminal);
  const proposed = await proposal(nodes, { file, section }, options, terminal);
  const isChecking = options['check'] === true;
  const seen = isChecking ? await tried(proposed, file, options, terminal) : undefined;
  const format = options['output'] ?? (isChecking ? 'text' : 'yaml');
  terminal.stdout.write(
    format === 'yaml'
      ? sectionYaml(proposed)
      : format === 'json'
        ? discoveredJson(proposed, seen)
        : discoveredText(proposed, seen, { ...screenOf(terminal), file }),
  );
  return seen ? exitOfReach(seen) : exitCodes.ok;
}

interface Known {
  readonly file: string;
  readonly section: HostsSection;
}

async function sectionOf(options: OptionValues, terminal: Terminal): Promise<Known> {
  const named = options['hosts'];
  if (typeof named === 'string') {
    return { file: named, section: (await loadFile(named)).hosts ?? {} };
  }
  const path = join(terminal.cwd, usualFile);
  const isThere = await readIfThere(path, 'configuration');
  return { file: usualFile, section: isThere ? ((await loadFile(path)).hosts ?? {}) : {} };
}

/** With machines in the file a cluster that is down is no reason to stop: then they are all there is. */
async function nodesOf(
  section: HostsSection,
  options: OptionValues,
  terminal: Terminal,
): Promise<readonly Node[]> {
  const snapshot = await observe(options, terminal, { facets: new Set(['nodes']) });
  const { nodes } = snapshot.facets;
  if (nodes.state === 'known') return nodes.value;
  const why = whyNot(snapshot);
  if (Object.keys(section).length === 0) {
    throw new Problem(
      `the nodes could not be listed, and no machine is known: ${why}`,
      'see what is in the way with: evenkeel doctor',
      exitCodes.notObserved,
    );
  }
  terminal.stderr.write(`the nodes could not be listed, so only what is known is told: ${why}\n`);
  return [];
}

function whyNot({ facets: { nodes } }: Snapshot): string {
  return nodes.state === 'unknown' ? nodes.detail : 'the server does not serve them';
}

/** What carries no node of the cluster may be a hypervisor of some of them. */
async function proposal(
  nodes: readonly Node[],
  { file, section }: Known,
  options: OptionValues,
  terminal: Terminal,
): Promise<readonly Proposed[]> {
  const first = proposeHosts(nodes, section);
  const others = first.filter((each) => each.kept && each.node === undefined && each.entry.ssh);
  const isMissing = first.some(({ kept }) => !kept);
  if (!isMissing || others.length === 0) return first;
  const hosts = hostsOf(file, hostSettings(section), options);
  const signal = signalOf(timeoutOf(options), terminal);
  const containers = await withReaders({ hosts, terminal }, (readers) =>
    containersBy(
      others.flatMap(({ name }) => readers.get(name) ?? []),
      { signal, timeoutMs: hosts.timeoutMs },
    ),
  );
  terminal.interrupted.throwIfAborted();
  return proposeHosts(nodes, section, containers);
}

async function tried(
  proposed: readonly Proposed[],
  file: string,
  options: OptionValues,
  terminal: Terminal,
): Promise<readonly Host[]> {
  const section = Object.fromEntries(proposed.map(({ name, entry }) => [name, entry]));
  const hosts: GivenHosts = hostsOf(file, hostSettings(section), options);
  const signal = signalOf(timeoutOf(options), terminal);
  const facet = await lookAtHosts({ hosts, terminal, signal });
  terminal.interrupted.throwIfAborted();
  return listed(facet);
}
