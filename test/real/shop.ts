/** The cluster of the incident: three nodes, a shop with a database, and secrets in every corner. */
import type { KubeObject } from '../bed/api.ts';
import { boundClaim, deployment, namespace, service, statefulSet } from '../bed/objects.ts';

export const silentNode = 'worker-2';

/** One value per place where people leave secrets, so that a leak tells where it came from. */
export const planted = {
  secret: 'planted-in-a-secret-5c1f',
  environment: 'planted-in-the-environment-9b27',
  annotation: 'planted-in-an-annotation-e44a',
  lastApplied: 'planted-in-last-applied-70d3',
  configMap: 'planted-in-a-configmap-1e86',
} as const;

/** Services of the shop that answer as long as one of their pods does, and one that is pinned. */
export function shopObjects(): KubeObject[] {
  return [
    namespace('shop'),
    withSecrets(deployment('web', 'shop', { replicas: 6 })),
    service('web', 'shop'),
    deployment('printer', 'shop', {
      replicas: 2,
      nodeSelector: { 'kubernetes.io/hostname': silentNode },
    }),
    service('printer', 'shop'),
    ...[0, 1, 2].flatMap((ordinal) => boundClaim(`data-database-${ordinal}`, 'shop')),
    database(),
    service('database', 'shop'),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'shop-login', namespace: 'shop' },
      stringData: { password: planted.secret },
    },
    ...['shop-config', 'postgres-env', 'kubeconfig'].map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'shop' },
      data: { 'config.yaml': `password: ${planted.configMap}\n` },
    })),
  ];
}

/** Its three pods lie on three nodes, each with a claim of its own. */
function database(): KubeObject {
  const set = statefulSet('database', 'shop', { replicas: 3 });
  const spec = set['spec'] as {
    template: { spec: { containers: [{ volumeMounts: readonly object[] }] } };
  };
  const alone = { labelSelector: { matchLabels: { app: 'database' } }, topologyKey: hostname };
  const [container] = spec.template.spec.containers;
  return {
    ...set,
    spec: {
      ...spec,
      podManagementPolicy: 'Parallel',
      template: {
        ...spec.template,
        spec: {
          ...spec.template.spec,
          affinity: {
            podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [alone] },
          },
          containers: [{ ...container, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: '',
            resources: { requests: { storage: '1Gi' } },
          },
        },
      ],
    },
  };
}

const hostname = 'kubernetes.io/hostname';

function withSecrets(web: KubeObject): KubeObject {
  const spec = web['spec'] as { template: { metadata: object; spec: { containers: [object] } } };
  const { template } = spec;
  const [container] = template.spec.containers;
  const annotations = {
    'example.test/token': planted.annotation,
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
      spec: { password: planted.lastApplied },
    }),
  };
  const env = [{ name: 'DATABASE_PASSWORD', value: planted.environment }];
  return {
    ...web,
    metadata: { ...web.metadata, annotations },
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: { ...template.metadata, annotations },
        spec: { ...template.spec, containers: [{ ...container, env }] },
      },
    },
  };
}
