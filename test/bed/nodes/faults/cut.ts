import { namespaces } from '../layout.ts';
import { batch } from '../network.ts';
import { type Fault, firstWorker, silent, untilWell } from './fault.ts';

/** Both ways: the node sees its carrier go. */
export const cut: Fault = {
  name: 'cut',
  title: "worker 1's port on the switch is down",
  break: async (nodes, { print } = silent) => {
    const { port } = firstWorker(nodes);
    print(`switch: ip link set ${port} down`);
    await batch(namespaces.switch, [`link set ${port} down`]);
  },
  mend: async (nodes, { print } = silent) => {
    const { port } = firstWorker(nodes);
    print(`switch: ip link set ${port} up`);
    await batch(namespaces.switch, [`link set ${port} up`]);
    await untilWell(nodes);
  },
};
