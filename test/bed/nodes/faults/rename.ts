import { type Fault, inNode, secondWorker, silent, untilWell } from './fault.ts';

const commands = (from: string, to: string): string =>
  `ip link set ${from} down && ip link set ${from} name ${to} && ip link set ${to} up`;

/** systemd-networkd has a configuration for the old name only: address and routes are gone. */
export const rename: Fault = {
  name: 'rename',
  title: "worker 2's uplink goes down and comes up under another name, without its address",
  break: async (nodes, { print } = silent) => {
    const node = secondWorker(nodes);
    print(`${node.name}: eth0 becomes lan0`);
    await inNode(nodes, node, ['sh', '-c', commands('eth0', 'lan0')]);
  },
  mend: async (nodes, { print } = silent) => {
    const node = secondWorker(nodes);
    print(`${node.name}: lan0 becomes eth0`);
    await inNode(nodes, node, ['sh', '-c', commands('lan0', 'eth0')]);
    await untilWell(nodes);
  },
};
