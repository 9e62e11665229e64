/** `up` and `down`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addresses, recordDirectory } from '../layout.ts';
import type { Nodes } from '../nodes.ts';
import { ownerLives, readRecord } from '../record.ts';
import { type OwnedNodes, startNodes } from '../start.ts';
import { sweep } from '../sweep.ts';

const title = 'npm run bed -- up';
const endMs = 90_000;

export async function runUp(detach: boolean): Promise<void> {
  if (detach) return upDetached();
  const stopping = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  // Signal handlers do not keep a process alive, and neither does the guard.
  const keepAlive = setInterval(() => {}, 60_000);
  try {
    console.log('Starting three nodes …');
    const nodes = await startNodes({ title });
    console.log(describe(nodes));
    await stopping;
    console.log('\nEnding …');
    await nodes.end();
  } finally {
    clearInterval(keepAlive);
  }
}

/** The same in a session of its own; its output is in a file. */
async function upDetached(): Promise<void> {
  mkdirSync(recordDirectory(), { recursive: true });
  const log = path.join(recordDirectory(), 'up.log');
  const output = openSync(log, 'w');
  const main = path.join(import.meta.dirname, '..', 'main.ts');
  const child = spawn(process.execPath, [main, 'up'], {
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  child.unref();
  while (child.exitCode === null && child.signalCode === null) {
    const record = readRecord();
    if (record?.owner.pid === child.pid && record?.ready) {
      console.log(readFileSync(log, 'utf8').replace('Ctrl-C ends it.', 'npm run bed -- down'));
      return;
    }
    await sleep(200);
  }
  throw new Error(readFileSync(log, 'utf8').trim());
}

export async function runDown(): Promise<void> {
  const record = readRecord();
  if (record === undefined) {
    console.log('No bed is running.');
    return;
  }
  if (!ownerLives(record)) {
    await sweep(record);
    console.log('The bed was left behind by a process that died. It is gone now.');
    return;
  }
  if (record.title !== title)
    throw new Error(`the bed belongs to ${record.title}: end process ${record.owner.pid}`);
  process.kill(record.owner.pid, 'SIGTERM');
  for (const deadline = Date.now() + endMs; readRecord() !== undefined; await sleep(100)) {
    if (Date.now() > deadline)
      throw new Error(`the bed did not end: see ${path.join(recordDirectory(), 'guard.log')}`);
  }
  console.log('The bed is gone.');
}

function describe(bed: OwnedNodes): string {
  const seconds = Object.entries(bed.timings).map(
    ([stage, ms]) => `${stage} ${(ms / 1000).toFixed(1)} s`,
  );
  return [
    `Ready: ${seconds.join(', ')}`,
    '',
    ...describeNodes(bed),
    '',
    'In a shell of the client (npm run bed -- shell client):',
    `  kubectl get nodes`,
    `  ssh -F ${bed.ssh.config} josh@${bed.workers[0]?.name ?? bed.serverNode.name}`,
    `  ssh -F ${bed.ssh.config} root@pve pct list`,
    `  curl ${bed.haproxy.url}`,
    `  curl '${bed.haproxy.csvUrl}'`,
    '',
    'Ctrl-C ends it.',
  ].join('\n');
}

function describeNodes(bed: Nodes): string[] {
  return [
    ...bed.nodes.map(
      ({ name, address, vmid, lxcName }) =>
        `${name}  ${address}  vmid ${vmid}  lxc-attach -P ${bed.lxcPath} -n ${lxcName}`,
    ),
    `pve   ${addresses.pve}`,
    `API server  ${bed.server}`,
    `kubeconfig  ${bed.kubeconfig}`,
  ];
}
