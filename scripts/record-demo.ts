/**
 * `npm run demo:record`: records the demo's bundle on the bed of real nodes, in the middle of the
 * incident that gave evenkeel its first check: a container restarts without `/dev/kmsg`, and a web page
 * fails. Takes about five minutes, most of it waiting for what Kubernetes waits for.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kmsg } from '../test/bed/nodes/faults/kmsg.ts';
import type { Nodes } from '../test/bed/nodes/nodes.ts';
import { startNodes } from '../test/bed/nodes/start.ts';
import { baselineFile, evenkeel, writeConfig } from '../test/drill/looks.ts';
import { untilQuiet } from '../test/drill/run.ts';

const file = path.join(import.meta.dirname, '..', 'demo', 'incident.evenkeel.gz');

/** Kubernetes notices after 40 s; somebody looks a little later. */
const untilNoticedMs = 150_000;

console.log('Starting three nodes in containers, HAProxy and a web page …');
const nodes = await startNodes({ title: 'the recording of the demo' });
try {
  await untilQuiet(nodes, console.log);
  const config = writeConfig(nodes, 'pct');
  await must(nodes, ['host', 'facts', '--all', '--record-baseline', '--hosts', config]);
  console.log(
    `All is well, and ${baselineFile(nodes)} says how that looks. A container restarts …`,
  );
  await kmsg.break(nodes, { print: console.log });
  console.log(`Waiting ${untilNoticedMs / 1000} s for what follows …`);
  await sleep(untilNoticedMs);
  renameContext(nodes);
  mkdirSync(path.dirname(file), { recursive: true });
  console.log(await must(nodes, ['bundle', 'create', '--hosts', config, '--out', file]));
} finally {
  await nodes.end();
}

async function must(on: Nodes, argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await evenkeel(on, argv);
  if (code !== 0) throw new Error(`evenkeel ${argv.join(' ')}: ${stderr || stdout}`);
  return stdout.trim();
}

/** The report names the context, and a shop's is not called after a test bed. */
function renameContext({ kubeconfig }: Nodes): void {
  const text = readFileSync(kubeconfig, 'utf8').replaceAll(/\bbed\b/g, 'shop');
  writeFileSync(kubeconfig, text, { mode: 0o600 });
}
