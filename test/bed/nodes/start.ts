/** Starts a bed of real nodes: one server with a kubelet and its workers, in containers. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, copyFileSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeKubeconfig } from '../users.ts';
import { findNodes, type NodesBuild } from './build.ts';
import { placeCertificates } from './certificates.ts';
import { makeContainer, startContainer } from './container.ts';
import { startHaproxy } from './haproxy.ts';
import { type BedNode, layoutOf, recordDirectory, serverURL } from './layout.ts';
import { makeNetwork } from './network.ts';
import { kubeconfigFile, type Nodes, openNodes } from './nodes.ts';
import { provision } from './provision.ts';
import { startPve } from './pve.ts';
import { claim, markReady, type NodesRecord, ownerLives, readRecord } from './record.ts';
import { makeClientKey } from './ssh.ts';
import { sweep } from './sweep.ts';
import { webNamespace, webObjects } from './web.ts';

export interface NodesOptions {
  /** Names of the nodes, the server first; default k3s1, k3s2, k3s3. */
  readonly names?: readonly string[];
  /** The web app with as many pods, and HAProxy before it; default 3. With 0 there is neither. */
  readonly web?: number;
  /** Further keys of config.yaml, by the node's name. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** For the whole start; default 120,000 ms. */
  readonly deadlineMs?: number;
  /** What the owner is, for those who find the bed running. */
  readonly title?: string;
}

/** A bed that this process owns. */
export interface OwnedNodes extends Nodes {
  /** Milliseconds since the start at which each stage was done, by its name. */
  readonly timings: Readonly<Record<string, number>>;
  /** Takes everything away that the bed has made. Throws with what could not be. */
  end(): Promise<void>;
}

/**
 * Resolves when every node is Ready and, with the web app, its Deployment is available.
 * Throws the `skipped: …` reason when the bed is not built, and says so when another one runs.
 * Whatever ends this process, a guard takes the bed away; should that be killed too, the next
 * start does.
 */
export async function startNodes(options: NodesOptions = {}): Promise<OwnedNodes> {
  const build = findNodes();
  if (!build.found) throw new Error(build.reason);
  await sweepLeftovers();
  const nodes = layoutOf(options.names ?? ['k3s1', 'k3s2', 'k3s3']);
  const record = claim(nodes, options.title ?? 'a test');
  const end = startGuard(record);
  try {
    const handle = openNodes(build, nodes);
    const timings = await bringUp(build, handle, options);
    markReady(record);
    return { ...handle, timings, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Takes away what is left of a bed whose owner is dead; throws when one is running. */
async function sweepLeftovers(): Promise<void> {
  const record = readRecord();
  if (record === undefined) return;
  if (ownerLives(record))
    throw new Error(
      `a bed of real nodes is running since ${record.startedAt}, for ${record.title} ` +
        `(process ${record.owner.pid}); there can be one at a time: npm run bed -- status`,
    );
  await sweep(record);
}

async function bringUp(
  build: NodesBuild,
  handle: Nodes,
  { config = {}, web = 3, deadlineMs = 120_000 }: NodesOptions,
): Promise<Record<string, number>> {
  const startedAt = performance.now();
  const timings: Record<string, number> = {};
  const done = (stage: string): void => {
    timings[stage] = Math.round(performance.now() - startedAt);
  };
  const { nodes, keys } = handle;
  // Anything in here is from a bed that was not swept whole.
  rmSync(handle.directory, { recursive: true, force: true });
  mkdirSync(handle.directory, { recursive: true, mode: 0o755 });
  await Promise.all([
    makeNetwork(),
    makeClientKey(keys, nodes),
    ...nodes.map((node) => makeContainer(node, build.image)),
  ]);
  done('file systems');
  await placeCertificates(build.bed, keys, nodes);
  writeAdminKubeconfig(keys, nodes);
  const authority = path.join(keys, 'server-ca.crt');
  const secret = randomBytes(16).toString('hex');
  for (const node of nodes) await provision(node, { nodes, authority, secret, config, keys });
  done('provisioned');
  await Promise.all(nodes.map(startContainer));
  done('containers');
  await startPve(nodes, keys);
  await handle.untilReady(nodes, deadlineMs);
  done('nodes Ready');
  if (web > 0) {
    await startWeb(handle, web, deadlineMs);
    // Its first check decides: started earlier it would say DOWN and need two more to say UP.
    await startHaproxy(nodes);
    done('web app available');
  }
  return timings;
}

function writeAdminKubeconfig(keys: string, nodes: readonly BedNode[]): void {
  const file = (extension: string): string => path.join(keys, `client-admin.${extension}`);
  const pair = { certificate: file('crt'), key: file('key') };
  copyFileSync(writeKubeconfig(keys, 'admin', serverURL(nodes), pair), kubeconfigFile());
}

async function startWeb(handle: Nodes, replicas: number, deadlineMs: number): Promise<void> {
  await handle.apply(webObjects(replicas));
  const argv = ['rollout', 'status', `--namespace=${webNamespace}`, 'deployment/web'];
  const { code, stderr } = await handle.kubectl(argv, { timeoutMs: deadlineMs });
  if (code !== 0) throw new Error(`the web app did not start: ${stderr.trim()}`);
}

/** Starts the guard, and returns what ends the bed. */
function startGuard(record: NodesRecord): () => Promise<void> {
  const log = path.join(recordDirectory(), 'guard.log');
  writeFileSync(log, '');
  const output = openSync(log, 'a');
  const guard = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./guard.ts'))], {
    stdio: ['pipe', output, output],
    // A Ctrl-C in the terminal must reach the owner only.
    detached: true,
  });
  closeSync(output);
  guard.unref();
  const pipe = guard.stdin as (NodeJS.WritableStream & { unref?: () => void }) | null;
  // A guard that was killed is no error of the run: the sweep below does its work.
  pipe?.on('error', () => {});
  pipe?.unref?.();
  return async () => {
    if (guard.exitCode === null && guard.signalCode === null) {
      guard.ref();
      const gone = once(guard, 'exit');
      pipe?.end();
      await gone;
    }
    if (readRecord() !== undefined) await sweep(record);
  };
}
