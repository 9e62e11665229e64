import { rebootContainer } from '../container.ts';
import { type Fault, firstWorker, inNode, silent, untilWell } from './fault.ts';

/** LXC makes a new /dev at each start, and nothing puts kmsg into it. */
export const kmsg: Fault = {
  name: 'kmsg',
  title: 'worker 1 restarts and comes back without /dev/kmsg',
  break: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`lxc-stop --reboot ${node.lxcName}`);
    await rebootContainer(node);
  },
  mend: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: mknod /dev/kmsg c 1 11`);
    await inNode(nodes, node, ['sh', '-c', 'test -e /dev/kmsg || mknod /dev/kmsg c 1 11']);
    await untilWell(nodes);
  },
};
