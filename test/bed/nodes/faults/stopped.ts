import { killContainer, startContainer } from '../container.ts';
import { type Fault, firstWorker, silent, untilWell } from './fault.ts';

/** As if its power had gone. */
export const stopped: Fault = {
  name: 'stopped',
  title: "worker 1's container is killed and stays off",
  break: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`lxc-stop --kill ${node.lxcName}`);
    await killContainer(node);
  },
  mend: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`lxc-start ${node.lxcName}`);
    await startContainer(node);
    await untilWell(nodes);
  },
};
