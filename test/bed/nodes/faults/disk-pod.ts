import { webContainer } from '../web.ts';
import { type Fault, firstWorker, silent, untilWell } from './fault.ts';

const name = 'disk-filler';
/** The kubelet keeps the taint for five minutes after the pressure has gone. */
const reliefMs = 420_000;

/** The kubelet evicts the pod that fills the disk, and with it what it wrote. */
export const diskPod: Fault = {
  name: 'disk-pod',
  title: "a pod fills worker 1's disk",
  break: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: pod ${name} writes until 3 % are free`);
    const fill = webContainer(['fill', '/data', '3']);
    await nodes.apply([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default' },
        spec: {
          nodeName: node.name,
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 1,
          containers: [{ ...fill, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
          volumes: [{ name: 'data', emptyDir: {} }],
        },
      },
    ]);
  },
  mend: async (nodes, { print } = silent) => {
    print(`kubectl delete pod ${name}, then up to five minutes of patience`);
    await nodes.kubectl(['delete', 'pod', name, '--ignore-not-found']);
    await untilWell(nodes, reliefMs);
  },
};
