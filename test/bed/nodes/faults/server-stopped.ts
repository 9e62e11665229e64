import { type Fault, inNode, silent, untilWell } from './fault.ts';

/** No API server and no controllers; every pod runs on. */
export const serverStopped: Fault = {
  name: 'server-stopped',
  title: "the server's unit is stopped",
  break: async (nodes, { print } = silent) => {
    const { name, unit } = nodes.serverNode;
    print(`${name}: systemctl stop ${unit}`);
    await inNode(nodes, nodes.serverNode, ['systemctl', 'stop', unit]);
  },
  mend: async (nodes, { print } = silent) => {
    const { name, unit } = nodes.serverNode;
    print(`${name}: systemctl start ${unit}`);
    await inNode(nodes, nodes.serverNode, ['systemctl', 'start', unit]);
    await untilWell(nodes);
  },
};
