/** What a fault is: something that happens to a running bed, and how it is undone. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BedNode } from '../layout.ts';
import type { Nodes } from '../nodes.ts';
import type { RunResult } from '../run.ts';

export interface FaultContext {
  /** Says what is done, a line at a time. */
  readonly print: (line: string) => void;
}

/** Says nothing. */
export const silent: FaultContext = { print: () => {} };

export interface Fault {
  /** Equal to the name of its file. */
  readonly name: string;
  readonly title: string;
  /** Returns when it has happened; what the cluster makes of it comes later. */
  break(nodes: Nodes, context?: FaultContext): Promise<void>;
  /** Returns when every node is Ready and has no taint. */
  mend(nodes: Nodes, context?: FaultContext): Promise<void>;
}

/** The first worker, which most faults befall. */
export function firstWorker(nodes: Nodes): BedNode {
  return worker(nodes, 0);
}

export function secondWorker(nodes: Nodes): BedNode {
  return worker(nodes, 1);
}

/** Runs a program in the node and throws when it fails. */
export async function inNode(
  nodes: Nodes,
  node: BedNode,
  argv: readonly string[],
): Promise<string> {
  const result = await nodes.attach(node, argv);
  if (result.code !== 0) throw new Error(`${node.name}: ${argv.join(' ')}: ${words(result)}`);
  return result.stdout;
}

/** Restarts a unit without waiting until it has started: a broken one never does. */
export async function restartUnit(nodes: Nodes, node: BedNode): Promise<void> {
  await inNode(nodes, node, ['systemctl', 'restart', '--no-block', node.unit]);
}

/**
 * Resolves when every kubelet has renewed its Lease since the call, and every node is Ready without
 * taints. Ready alone may be stale: nobody changes it for the first forty seconds of a silence.
 */
export async function untilWell(nodes: Nodes, deadlineMs = 180_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  let first: ReadonlyMap<string, string> | undefined;
  for (let silent = nodes.nodes; silent.length > 0; await sleep(500)) {
    // No answer is what a server that is just coming back gives.
    const now = await nodes.renewals().catch(() => undefined);
    first ??= now;
    silent = nodes.nodes.filter(
      ({ name }) => !now?.has(name) || now.get(name) === first?.get(name),
    );
    if (silent.length > 0 && Date.now() > deadline)
      throw new Error(`no Lease renewed by ${silent.map(({ name }) => name).join(', ')}`);
  }
  await nodes.untilReady(nodes.nodes, deadline - Date.now());
}

function worker(nodes: Nodes, index: number): BedNode {
  const node = nodes.workers[index];
  if (node === undefined) throw new Error(`this bed has ${nodes.workers.length} workers`);
  return node;
}

function words({ stderr, stdout }: RunResult): string {
  return (stderr || stdout).trim();
}
