/** `npm run bed:up`: a control plane with three simulated nodes, for people, until Ctrl-C. */
import { once } from 'node:events';
import { findBed } from './build.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { applyCrds } from './crds.ts';
import { type KwokGroup, startKwok } from './kwok.ts';
import { boundClaim, deployment, namespace, node, service, statefulSet } from './objects.ts';

const example = [
  namespace('shop'),
  deployment('web', 'shop', { replicas: 3 }),
  service('web', 'shop'),
  ...boundClaim('database', 'shop', { nodeName: 'worker-1' }),
  statefulSet('database', 'shop', { claims: ['database'] }),
  service('database', 'shop'),
];

/** Returns the group whose power can be taken without harm to the database. */
async function fill(controlPlane: ControlPlane): Promise<KwokGroup> {
  const crds = await applyCrds(controlPlane);
  console.log(
    crds.found ? `Definitions: ${crds.products.join(', ')}` : `Definitions ${crds.reason}`,
  );
  const server = node('server', { controlPlane: true });
  await startKwok(controlPlane, { name: 'server', nodes: [server] });
  await startKwok(controlPlane, { name: 'worker-1', nodes: ['worker-1'] });
  const worker = await startKwok(controlPlane, { name: 'worker-2', nodes: ['worker-2'] });
  await controlPlane.apply(example);
  return worker;
}

function describe(controlPlane: ControlPlane, worker: KwokGroup): string {
  const { bed, dir, kubeconfig } = controlPlane;
  return [
    '',
    `API server:  ${controlPlane.url}`,
    `kubeconfig:  ${kubeconfig}`,
    `Logs:        ${dir}/*.log`,
    '',
    'Look at it:',
    `  ${bed.kube} kubectl --kubeconfig ${kubeconfig} get nodes,pods -A`,
    'Take the power from worker-2 (NotReady after about 50 seconds), and give it back:',
    `  kill -STOP ${worker.pid}`,
    `  kill -CONT ${worker.pid}`,
    '',
    'Ctrl-C ends it.',
  ].join('\n');
}

async function main(): Promise<void> {
  const bed = findBed();
  if (!bed.found) throw new Error(bed.reason);
  const stopping = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  // Signal handlers do not keep a process alive, and neither do the bed's processes.
  const keepAlive = setInterval(() => {}, 60_000);
  console.log('Starting the control plane and three simulated nodes …');
  const controlPlane = await startControlPlane();
  try {
    const worker = await fill(controlPlane);
    console.log(describe(controlPlane, worker));
    await stopping;
    console.log('\nEnding …');
  } finally {
    clearInterval(keepAlive);
    await controlPlane.close();
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
