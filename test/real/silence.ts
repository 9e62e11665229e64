/** How the incident comes about: of the acceptance test, and of the demo that is recorded from it. */
import type { ControlPlane } from '../bed/control-plane.ts';
import { type KwokGroup, startKwok } from '../bed/kwok.ts';
import { node } from '../bed/objects.ts';
import { until } from './audit.ts';
import { deletePod, podsIn, readyOf, taintsOf, untilRunning } from './cluster.ts';
import { shopObjects, silentNode } from './shop.ts';

/** What the audit is to call the one cause. */
export const root = `node/not-ready Node/${silentNode}`;

/** Three nodes and the shop, all well. Returns the group that can fall silent. */
export async function startShop(controlPlane: ControlPlane): Promise<KwokGroup> {
  const others = [node('server', { controlPlane: true }), 'worker-1'];
  await startKwok(controlPlane, { name: 'others', nodes: others });
  const silent = await startKwok(controlPlane, { name: silentNode, nodes: [silentNode] });
  await controlPlane.apply(shopObjects());
  await untilRunning(controlPlane, 11, 'shop');
  return silent;
}

/**
 * On the silent node one pod of each workload is deleted and sticks. The pinned one's replacement
 * fits nowhere, and its Service loses its last endpoint with the node.
 * Returns the names of all events that an audit must find.
 */
export async function breakThings(controlPlane: ControlPlane): Promise<string[]> {
  const there = (await podsIn(controlPlane, 'shop')).filter(
    ({ spec }) => spec.nodeName === silentNode,
  );
  const [web, database, printer] = ['web-', 'database-', 'printer-'].map((prefix) => {
    const found = there.find(({ metadata }) => metadata.name.startsWith(prefix));
    if (found === undefined) throw new Error(`no pod ${prefix}… on ${silentNode}`);
    return found.metadata.name;
  }) as [string, string, string];
  for (const name of [web, database]) await deletePod(controlPlane, 'shop', name);
  // Any sooner, and the pinned pod's replacement would be bound to a node that still looks well.
  const isGone = async (): Promise<boolean> =>
    (await readyOf(controlPlane, silentNode)) === 'Unknown';
  await until(`${silentNode} is called Unknown`, isGone);
  const isTainted = async (): Promise<boolean> =>
    (await taintsOf(controlPlane, silentNode)).length > 0;
  await until(`${silentNode} is tainted`, isTainted);
  await deletePod(controlPlane, 'shop', printer);
  let replacement: string | undefined;
  await until('the pinned pod is replaced', async () => {
    const pods = await podsIn(controlPlane, 'shop');
    const waiting = pods.filter(({ spec }) => !spec.nodeName).map(({ metadata }) => metadata.name);
    replacement = waiting.find((name) => name.startsWith('printer-'));
    return replacement !== undefined;
  });
  return [
    root,
    'network/service-without-endpoints Service/shop/printer',
    `workload/unschedulable Pod/shop/${replacement}`,
    ...[web, database, printer].map((name) => `workload/stuck-terminating Pod/shop/${name}`),
  ].toSorted();
}
