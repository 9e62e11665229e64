import { killContainer, startContainer } from '../container.ts';
import { type Fault, silent, untilWell } from './fault.ts';

/** The machine of the API server is gone, with the pods on it. */
export const serverOff: Fault = {
  name: 'server-off',
  title: "the server's container is killed and stays off",
  break: async (nodes, { print } = silent) => {
    print(`lxc-stop --kill ${nodes.serverNode.lxcName}`);
    await killContainer(nodes.serverNode);
  },
  mend: async (nodes, { print } = silent) => {
    print(`lxc-start ${nodes.serverNode.lxcName}`);
    await startContainer(nodes.serverNode);
    await untilWell(nodes);
  },
};
