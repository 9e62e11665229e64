import { expireKubeletCertificate, restoreKubeletCertificate } from '../certificates.ts';
import { type Fault, firstWorker, restartUnit, silent, untilWell } from './fault.ts';

/** The kubelet's client certificate: the node can no longer speak to the API server. */
export const certificate: Fault = {
  name: 'certificate',
  title: "the client certificate of worker 1's kubelet has expired, and the unit is restarted",
  break: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: client-kubelet.crt of yesterday; systemctl restart ${node.unit}`);
    await expireKubeletCertificate(nodes.build.bed, nodes.keys, node);
    await restartUnit(nodes, node);
  },
  mend: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: the good client-kubelet.crt; systemctl restart ${node.unit}`);
    restoreKubeletCertificate(nodes.keys, node);
    await restartUnit(nodes, node);
    await untilWell(nodes);
  },
};
