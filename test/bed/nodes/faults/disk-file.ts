import { type Fault, firstWorker, inNode, silent, untilWell } from './fault.ts';

const file = '/var/tmp/disk-file';
/** The kubelet keeps the taint for five minutes after the pressure has gone. */
const reliefMs = 420_000;
const freePercent = 3;

/** No pod is to blame: the kubelet evicts what it can, and the pressure stays. */
export const diskFile: Fault = {
  name: 'disk-file',
  title: "a file fills worker 1's disk",
  break: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    const argv = ['df', '--block-size=1', '--output=size,avail', '/'];
    const [size = 0, available = 0] = (await inNode(nodes, node, argv))
      .trim()
      .split('\n')
      .at(-1)!
      .trim()
      .split(/\s+/)
      .map(Number);
    const bytes = Math.floor(available - (size * freePercent) / 100);
    print(`${node.name}: ${file} of ${bytes} bytes; ${freePercent} % are free`);
    await inNode(nodes, node, ['fallocate', '--length', String(bytes), file]);
  },
  mend: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: rm ${file}, then up to five minutes of patience`);
    await inNode(nodes, node, ['rm', '-f', file]);
    await untilWell(nodes, reliefMs);
  },
};
