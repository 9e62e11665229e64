/** How each component of the control plane is started: its program and its arguments. */
import path from 'node:path';
import type { Bed } from './build.ts';

export const components = [
  'kine',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
] as const;

export type Component = (typeof components)[number];

/** What the arguments need to know about a run. */
export interface Layout {
  readonly directory: string;
  readonly port: number;
  /** Path of the kubeconfig of a user of the token file. */
  kubeconfigFor(user: string): string;
}

export interface CommandLine {
  readonly program: string;
  readonly argv: readonly string[];
}

/** Networks of the cluster: the defaults of k3s. */
const networks = { pods: '10.42.0.0/16', services: '10.43.0.0/16' } as const;

export const controllerManagerUser = 'system:kube-controller-manager';
export const schedulerUser = 'system:kube-scheduler';

/** The command line of a component; `extra` arguments come last and so win. */
export function commandLine(
  bed: Bed,
  component: Component,
  layout: Layout,
  extra: readonly string[],
): CommandLine {
  if (component === 'kine')
    return { program: bed.kine, argv: [...kineArguments(layout), ...extra] };
  return { program: bed.kube, argv: [component, ...kubeArguments[component](layout), ...extra] };
}

const kubeArguments = {
  'kube-apiserver': apiServerArguments,
  'kube-controller-manager': controllerManagerArguments,
  'kube-scheduler': schedulerArguments,
} satisfies Record<Exclude<Component, 'kine'>, (layout: Layout) => string[]>;

function kineArguments(layout: Layout): string[] {
  const database = path.join(layout.directory, 'state.db');
  // The database lives as long as the run: what survives a killed process is enough, so no fsync.
  const parameters =
    '_journal_mode=WAL&_busy_timeout=30000&_synchronous=OFF&_txlock=immediate&cache=shared';
  return [
    `--endpoint=sqlite://${database}?${parameters}`,
    `--listen-address=unix://${socketOf(layout)}`,
    '--metrics-bind-address=0',
  ];
}

function apiServerArguments(layout: Layout): string[] {
  const file = (name: string): string => path.join(layout.directory, name);
  return [
    `--etcd-servers=unix://${socketOf(layout)}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${layout.port}`,
    // The kubernetes Service needs an address that is not loopback; nothing ever connects to it.
    '--advertise-address=192.0.2.1',
    // The simulated nodes have no kubelet: nothing is to be looked up, or knocked at, in their names.
    '--kubelet-preferred-address-types=ExternalDNS',
    `--service-cluster-ip-range=${networks.services}`,
    `--tls-cert-file=${file('server.crt')}`,
    `--tls-private-key-file=${file('server.key')}`,
    `--client-ca-file=${file('client-ca.crt')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--anonymous-auth=false',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${file('service-account.crt')}`,
    `--service-account-signing-key-file=${file('service-account.key')}`,
    '--profiling=false',
  ];
}

function controllerManagerArguments(layout: Layout): string[] {
  const file = (name: string): string => path.join(layout.directory, name);
  return [
    `--kubeconfig=${layout.kubeconfigFor(controllerManagerUser)}`,
    '--secure-port=0',
    '--leader-elect=true',
    // The defaults make about 20 pods a second, far too slow for a benchmark.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${file('service-account.key')}`,
    `--root-ca-file=${file('server-ca.crt')}`,
    `--cluster-signing-cert-file=${file('client-ca.crt')}`,
    `--cluster-signing-key-file=${file('client-ca.key')}`,
    '--allocate-node-cidrs=true',
    `--cluster-cidr=${networks.pods}`,
    `--service-cluster-ip-range=${networks.services}`,
    '--concurrent-deployment-syncs=20',
    '--concurrent-replicaset-syncs=20',
    '--concurrent-service-endpoint-syncs=20',
    '--profiling=false',
  ];
}

function schedulerArguments(layout: Layout): string[] {
  return [
    `--kubeconfig=${layout.kubeconfigFor(schedulerUser)}`,
    '--secure-port=0',
    '--leader-elect=true',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--profiling=false',
  ];
}

function socketOf(layout: Layout): string {
  return path.join(layout.directory, 'kine.sock');
}
