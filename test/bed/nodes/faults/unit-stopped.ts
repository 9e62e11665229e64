import { type Fault, firstWorker, inNode, silent, untilWell } from './fault.ts';

/** Its pods run on: the unit has KillMode=process. */
export const unitStopped: Fault = {
  name: 'unit-stopped',
  title: "worker 1's unit is stopped",
  break: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: systemctl stop ${node.unit}`);
    await inNode(nodes, node, ['systemctl', 'stop', node.unit]);
  },
  mend: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: systemctl start ${node.unit}`);
    await inNode(nodes, node, ['systemctl', 'start', node.unit]);
    await untilWell(nodes);
  },
};
