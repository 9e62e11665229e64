/** The cluster that the benchmarks look at: a real control plane, simulated nodes, many pods. */
import type { KubeObject } from '../test/bed/api.ts';
import type { ControlPlane } from '../test/bed/control-plane.ts';
import { startKwok } from '../test/bed/kwok.ts';
import { namespace, node, service } from '../test/bed/objects.ts';

const shape = { nodes: 100, namespaces: 50, deployments: 250 } as const;

/** Nodes, namespaces, Deployments of no pods, and a Service for each. */
export async function prepare(controlPlane: ControlPlane): Promise<void> {
  const names = Array.from({ length: shape.nodes }, (_, at) => `node-${pad(at)}`);
  await startKwok(controlPlane, {
    nodes: names.map((name) => node(name, {})),
    deadlineMs: 180_000,
  });
  const { api } = controlPlane;
  await api.createAll(Array.from({ length: shape.namespaces }, (_, at) => namespace(spaceOf(at))));
  await untilAccounts(controlPlane);
  await api.createAll(Array.from({ length: shape.deployments }, (_, at) => deployment(at)));
  await api.createAll(
    Array.from({ length: shape.deployments }, (_, at) => service(nameOf(at), spaceOf(at))),
  );
}

/** Scales every Deployment so that there are `pods` in all, and waits until all of them are Ready. */
export async function scaleTo(controlPlane: ControlPlane, pods: number): Promise<void> {
  const replicas = pods / shape.deployments;
  if (!Number.isInteger(replicas)) throw new RangeError(`${pods} pods do not divide evenly`);
  const { api } = controlPlane;
  for (let at = 0; at < shape.deployments; at++) {
    await api.merge(pathOf(at), { spec: { replicas } });
  }
  const until = Date.now() + 15 * 60_000;
  for (;;) {
    let ready = 0;
    const list = await api.get<{ items: { status?: { readyReplicas?: number } }[] }>(
      '/apis/apps/v1/deployments',
    );
    for (const { status } of list.items) ready += status?.readyReplicas ?? 0;
    if (ready === pods) return;
    if (Date.now() > until) throw new Error(`only ${ready} of ${pods} pods became Ready`);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

async function untilAccounts({ api }: ControlPlane): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    const list = await api.get<{ items: unknown[] }>(
      '/api/v1/serviceaccounts?fieldSelector=metadata.name%3Ddefault',
    );
    if (list.items.length >= shape.namespaces) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('the controller-manager makes no ServiceAccounts');
}

function deployment(at: number): KubeObject {
  const labels = { app: nameOf(at), 'app.kubernetes.io/part-of': 'bench', tier: `t${at % 5}` };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: nameOf(at), namespace: spaceOf(at), labels },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: nameOf(at) } },
      template: {
        metadata: {
          labels,
          annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' },
        },
        spec: podSpec(at),
      },
    },
  };
}

/** As large as an ordinary pod: probes, environment, security context, a few volumes. */
function podSpec(at: number): object {
  const probe = { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 10 };
  return {
    containers: [
      {
        name: 'main',
        image: `example.test/app-${at}:1.0`,
        args: ['--listen=:8080', '--log-level=info'],
        ports: [{ name: 'http', containerPort: 8080 }],
        env: Array.from({ length: 12 }, (_, n) => ({
          name: `SETTING_${n}`,
          value: `value of setting ${n}`,
        })),
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
        livenessProbe: probe,
        readinessProbe: probe,
        securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, runAsUser: 1000 },
        volumeMounts: [
          { name: 'settings', mountPath: '/etc/app' },
          { name: 'scratch', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'settings', configMap: { name: 'settings', optional: true } },
      { name: 'scratch', emptyDir: {} },
    ],
  };
}

function pathOf(at: number): string {
  return `/apis/apps/v1/namespaces/${spaceOf(at)}/deployments/${nameOf(at)}`;
}

function nameOf(at: number): string {
  return `app-${pad(at)}`;
}

function spaceOf(at: number): string {
  return `team-${pad(at % shape.namespaces)}`;
}

function pad(at: number): string {
  return String(at).padStart(3, '0');
}
