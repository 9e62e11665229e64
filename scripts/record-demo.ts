/**
 * `npm run demo:record`: records the demo's bundle on the test bed, in the middle of the incident
 * that the acceptance test tells: a node falls silent, its pods stick, a Service loses its endpoints.
 * Takes about six minutes, nearly all of it waiting for what Kubernetes waits for.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startControlPlane } from '../test/bed/control-plane.ts';
import { breakThings, startShop } from '../test/real/silence.ts';
import { evenkeel } from '../test/support/cli.ts';

const file = join(import.meta.dirname, '..', 'demo', 'incident.evenkeel.gz');

/** A pod counts as stuck a minute after its grace period; somebody looks a little later. */
const untilStuckMs = 200_000;

console.log('Starting a control plane and three simulated nodes …');
const controlPlane = await startControlPlane();
try {
  const silent = await startShop(controlPlane);
  console.log('All is well. One node falls silent …');
  silent.stop();
  await breakThings(controlPlane);
  console.log('Kubernetes has noticed. Waiting until its pods count as stuck …');
  await sleep(untilStuckMs);
  const kubeconfig = renamed(controlPlane.kubeconfig, controlPlane.dir);
  mkdirSync(join(file, '..'), { recursive: true });
  const made = await evenkeel(['bundle', 'create', '--kubeconfig', kubeconfig, '--out', file]);
  process.stdout.write(made.stdout || made.stderr);
  process.exitCode = made.exitCode;
} finally {
  await controlPlane.close();
}

/** The report names the context, and a shop's is not called after a test bed. */
function renamed(kubeconfig: string, directory: string): string {
  const copy = join(directory, 'demo.kubeconfig');
  const text = readFileSync(kubeconfig, 'utf8').replaceAll(/\bbed\b/g, 'shop');
  writeFileSync(copy, text, { mode: 0o600 });
  return copy;
}
