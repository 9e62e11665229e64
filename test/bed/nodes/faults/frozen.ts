import { freezeContainer, unfreezeContainer } from '../container.ts';
import { type Fault, firstWorker, silent, untilWell } from './fault.ts';

/** No process of the node runs; its kernel still forwards packets. */
export const frozen: Fault = {
  name: 'frozen',
  title: "worker 1's container is frozen",
  break: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`lxc-freeze ${node.lxcName}`);
    await freezeContainer(node);
  },
  mend: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`lxc-unfreeze ${node.lxcName}`);
    await unfreezeContainer(node);
    await untilWell(nodes);
  },
};
