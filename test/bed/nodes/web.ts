/** The small web app of the bed: three pods spread over the nodes, a NodePort, and a DaemonSet. */
import type { KubeObject } from '../api.ts';
import { webImage } from './image.ts';
import { addresses } from './layout.ts';

const name = 'web';
/** Where the web app lives. */
export const webNamespace = 'shop';

/** Objects for server-side apply. */
export function webObjects(replicas: number): KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: webNamespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: webNamespace },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: podSpec() },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: webNamespace },
      spec: {
        type: 'NodePort',
        selector: { app: name },
        ports: [{ name: 'http', port: 80, targetPort: 8080, nodePort: addresses.nodePort }],
      },
    },
  ];
}

/** One container of the bed's own image, which every node has. */
export function webContainer(command: readonly string[]): object {
  return { name, image: webImage, imagePullPolicy: 'Never', args: command };
}

function podSpec(): object {
  return {
    terminationGracePeriodSeconds: 5,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: name } },
      },
    ],
    containers: [
      {
        ...webContainer(['serve', ':8080']),
        env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        ports: [{ name: 'http', containerPort: 8080 }],
        readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 2 },
      },
    ],
  };
}
