import { hostSettings } from '../../config/hosts.ts';
import type { HostsSection } from '../../config/hosts-schema.ts';
import { safeText } from '../../lib/terminal-text.ts';
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
import { type Section, sectionOf } from '../hosts/section.ts';
import { observe, signalOf, timeoutOf } from '../observe.ts';
import { screenOf } from '../screen.ts';
import { exitCodes, type OptionValues, Problem, type Terminal } from '../spec.ts';

export async function run(
  _args: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const section = await sectionOf(options, terminal);
  const nodes = await nodesOf(section.hosts, options, terminal);
  const proposed = await proposal(nodes, section, options, terminal);
  const isChecking = options['check'] === true;
  const seen = isChecking ? await tried(proposed, section.file, options, terminal) : undefined;
  const format = options['output'] ?? (isChecking ? 'text' : 'yaml');
  if (format === 'yaml') writeYaml(proposed, section, terminal);
  else if (format === 'json') terminal.stdout.write(discoveredJson(proposed, seen));
  else {
    terminal.stdout.write(discoveredText(proposed, seen, { ...screenOf(terminal), section }));
  }
  return seen ? exitOfReach(seen) : exitCodes.ok;
}

function writeYaml(
  proposed: readonly Proposed[],
  { file, isThere, endsInLine }: Section,
  terminal: Terminal,
): void {
  if (isThere) {
    const hint = 'has a section hosts: let what is proposed take its place, not stand beside it';
    terminal.stderr.write(`${safeText(file)} ${hint}\n`);
  }
  terminal.stdout.write(`${endsInLine ? '\n' : ''}${sectionYaml(proposed)}`);
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
  { file, hosts: section }: Section,
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
