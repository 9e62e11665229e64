import { type Fault, inNode, secondWorker, silent, untilWell } from './fault.ts';

/** A rename while the link is up keeps address and routes: nothing may come of it. */
export const renameUp: Fault = {
  name: 'rename-up',
  title: "worker 2's uplink gets another name while it is up (harmless)",
  break: async (nodes, { print } = silent) => {
    const node = secondWorker(nodes);
    print(`${node.name}: eth0 becomes lan0`);
    await inNode(nodes, node, ['ip', 'link', 'set', 'eth0', 'name', 'lan0']);
  },
  mend: async (nodes, { print } = silent) => {
    const node = secondWorker(nodes);
    print(`${node.name}: lan0 becomes eth0`);
    await inNode(nodes, node, ['ip', 'link', 'set', 'lan0', 'name', 'eth0']);
    await untilWell(nodes);
  },
};
