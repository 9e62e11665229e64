/**
 * Simulated nodes: one kwok process per group of nodes. While it runs, the nodes are Ready, their
 * Leases move and their pods run; when it is stopped, exactly these nodes fall silent.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type KubeObject } from './api.ts';
import type { ControlPlane } from './control-plane.ts';
import { node } from './objects.ts';
import type { Running } from './processes.ts';
import { kwokConfiguration } from './stages.ts';
import { kwokUser } from './users.ts';

export interface KwokOptions {
  /** Names of nodes to make, or Node objects; a node that exists already is taken over. */
  readonly nodes: readonly (string | KubeObject)[];
  /** Name of the group; default: kwok-1, kwok-2 … */
  readonly name?: string;
  /** Until all are Ready; default 60,000 ms. */
  readonly deadlineMs?: number;
}

export interface KwokGroup {
  readonly name: string;
  readonly nodes: readonly string[];
  /** Path of the process's log. */
  readonly log: string;
  readonly pid: number;
  /**
   * The nodes fall silent at once, as when their machines lose power: nothing renews, reports,
   * starts or ends on them. The process is stopped (SIGSTOP), not ended.
   */
  stop(): void;
  /** The nodes go on (SIGCONT): Ready within seconds, see `untilReady`. */
  start(): void;
  /** The nodes are gone for good (SIGKILL); resolves when the process is. */
  kill(): Promise<void>;
  /** Resolves when every node of the group is Ready; throws after `deadlineMs` (60,000). */
  untilReady(deadlineMs?: number): Promise<void>;
}

/** kwok manages the nodes whose annotation names its group. */
const groupAnnotation = 'kwok.x-k8s.io/node';
const leaseDurationSeconds = 40;
const groupCounts = new WeakMap<ControlPlane, number>();

/** Makes the nodes, starts their kwok process and resolves when they all are Ready. */
export async function startKwok(
  controlPlane: ControlPlane,
  options: KwokOptions,
): Promise<KwokGroup> {
  const count = (groupCounts.get(controlPlane) ?? 0) + 1;
  groupCounts.set(controlPlane, count);
  const name = options.name ?? `kwok-${count}`;
  const objects = options.nodes.map((each) => (typeof each === 'string' ? node(each) : each));
  const nodes = objects.map((object) => object.metadata.name);
  await Promise.all(objects.map((object) => adopt(controlPlane, object, name)));
  writeFileSync(configurationFile(controlPlane, name), kwokConfiguration(controlPlane.bed));
  const argv = kwokArguments(controlPlane, name);
  const running = await controlPlane.run.start(name, controlPlane.bed.kwok, argv);
  const group = groupOf(controlPlane, running, nodes);
  await group.untilReady(options.deadlineMs);
  return group;
}

/**
 * Silence is SIGSTOP and not an ended process, because a kwok that is started anew waits for the
 * Leases of its predecessor to run out and loses sight of pods that change meanwhile, while a
 * kubelet holds its Lease under the node's name and goes on at once.
 */
function groupOf(
  controlPlane: ControlPlane,
  running: Running,
  nodes: readonly string[],
): KwokGroup {
  const { name, log, pid } = running;
  return {
    name,
    nodes,
    log,
    pid,
    stop: () => running.signal('SIGSTOP'),
    start: () => running.signal('SIGCONT'),
    kill: () => running.kill(),
    untilReady: async (deadlineMs = 60_000) => {
      const deadline = Date.now() + deadlineMs;
      for (let waiting = nodes; ; await sleep(250)) {
        waiting = await notReady(controlPlane, waiting);
        if (waiting.length === 0) return;
        if (!running.alive()) throw new Error(`${name} has ended: see ${log}`);
        if (Date.now() > deadline) throw new Error(`not Ready in time: ${waiting.join(', ')}`);
      }
    },
  };
}

function kwokArguments(controlPlane: ControlPlane, name: string): string[] {
  return [
    `--kubeconfig=${controlPlane.kubeconfigFor(kwokUser)}`,
    `--config=${configurationFile(controlPlane, name)}`,
    '--manage-all-nodes=false',
    `--manage-nodes-with-annotation-selector=${groupAnnotation}=${name}`,
    `--node-lease-duration-seconds=${leaseDurationSeconds}`,
    // No kubelet endpoint: it would listen on every address of the machine.
    '--node-port=0',
  ];
}

function configurationFile(controlPlane: ControlPlane, name: string): string {
  return path.join(controlPlane.dir, `${name}.config.yaml`);
}

async function adopt(controlPlane: ControlPlane, object: KubeObject, group: string): Promise<void> {
  const annotations = { ...annotationsOf(object), [groupAnnotation]: group };
  const annotated = { ...object, metadata: { ...object.metadata, annotations } };
  try {
    await controlPlane.api.create(annotated);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    const patch = { metadata: { annotations: { [groupAnnotation]: group } } };
    await controlPlane.api.merge(`/api/v1/nodes/${object.metadata.name}`, patch);
  }
}

function annotationsOf(object: KubeObject): Record<string, string> {
  return (object.metadata['annotations'] ?? {}) as Record<string, string>;
}

interface NodeStatus {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

async function notReady(
  controlPlane: ControlPlane,
  names: readonly string[],
): Promise<readonly string[]> {
  const { items } = await controlPlane.api.get<{ items: NodeStatus[] }>('/api/v1/nodes');
  const ready = new Set<string>();
  for (const { metadata, status } of items) {
    const condition = status?.conditions?.find(({ type }) => type === 'Ready');
    if (condition?.status === 'True') ready.add(metadata.name);
  }
  return names.filter((name) => !ready.has(name));
}
