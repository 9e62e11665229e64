import { copyFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildClockKubelet } from '../clock-kubelet.ts';
import { type Fault, firstWorker, inNode, restartUnit, silent, untilWell } from './fault.ts';

const place = '/var/lib/rancher/k3s/data/current/bin/kubelet';

/** A container has no clock of its own, so the kubelet gets one: a build with another `time.Now`. */
export function clockOff(name: string, how: string, offsetSeconds: number): Fault {
  return {
    name,
    title: `the clock of worker 1's kubelet is ${how}`,
    break: async (nodes, { print } = silent) => {
      const node = firstWorker(nodes);
      const kubelet = await buildClockKubelet(nodes.build, print);
      print(`${node.name}: a kubelet whose clock is ${offsetSeconds} s off; systemctl restart`);
      const file = path.join(node.root, place);
      rmSync(file, { force: true });
      copyFileSync(kubelet, file);
      const environment = `EVENKEEL_CLOCK_OFFSET_SECONDS=${offsetSeconds}\n`;
      writeFileSync(path.join(node.root, `etc/default/${node.unit}`), environment);
      await restartUnit(nodes, node);
    },
    mend: async (nodes, { print } = silent) => {
      const node = firstWorker(nodes);
      print(`${node.name}: the kubelet that it had; systemctl restart ${node.unit}`);
      await inNode(nodes, node, ['systemctl', 'stop', node.unit]);
      const file = path.join(node.root, place);
      rmSync(file, { force: true });
      symlinkSync('/usr/local/bin/k3s', file);
      rmSync(path.join(node.root, `etc/default/${node.unit}`), { force: true });
      await restartUnit(nodes, node);
      await untilWell(nodes);
    },
  };
}
