import { type Fault, firstWorker, inNode, silent, untilWell } from './fault.ts';

const killer = 'kubelet-killer';

/** The launcher ends with its kubelet, and systemd starts it again: a unit that never settles. */
export const kubeletKilled: Fault = {
  name: 'kubelet-killed',
  title: "worker 1's kubelet is killed again and again",
  break: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: pkill --signal KILL kubelet, every half a second`);
    const loop = 'while :; do pkill --signal KILL --exact kubelet; sleep 0.5; done';
    await inNode(nodes, node, ['systemd-run', `--unit=${killer}`, '--quiet', 'sh', '-c', loop]);
  },
  mend: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: systemctl stop ${killer}`);
    await inNode(nodes, node, ['systemctl', 'stop', killer]);
    await untilWell(nodes);
  },
};
