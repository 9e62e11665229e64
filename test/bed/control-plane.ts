/**
 * A real control plane on loopback: kine on SQLite, kube-apiserver, kube-controller-manager and
 * kube-scheduler of upstream Kubernetes, in a temporary directory of its own.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, type KubeObject, openApi } from './api.ts';
import { type Bed, findBed } from './build.ts';
import { type CertificateRequest, keyPair, makeCertificates } from './certificates.ts';
import { type Component, commandLine, components, type Layout } from './components.ts';
import { type KubectlOptions, type KubectlResult, runKubectl } from './kubectl.ts';
import { type Run, type Running, type Signal, startRun } from './processes.ts';
import { adminUser, type Tokens, type UserOptions, writeKubeconfig, writeTokens } from './users.ts';

export interface ControlPlaneOptions {
  /** Further users with a static token, by name: RBAC says what they may do. */
  readonly users?: Readonly<Record<string, UserOptions>>;
  /** Added after the bed's own arguments, so they win. */
  readonly extraArguments?: Readonly<Partial<Record<Component, readonly string[]>>>;
  /** For the whole start; default 120,000 ms. */
  readonly deadlineMs?: number;
}

/** A client certificate signed by the cluster's client authority, with a kubeconfig that uses it. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly kubeconfig: string;
}

export interface ClientCertificateOptions {
  /** Becomes the user name. */
  readonly commonName: string;
  /** Become the groups. */
  readonly organizations?: readonly string[];
  readonly notBefore?: Date;
  /** A time in the past makes an expired certificate. */
  readonly notAfter?: Date;
}

export interface ControlPlane {
  readonly bed: Bed;
  /** The run's temporary directory; gone after `close()`. */
  readonly dir: string;
  readonly url: string;
  /** Path of the PEM of the authority that signed the server's certificate. */
  readonly authority: string;
  /** Path of the admin's kubeconfig (system:masters). */
  readonly kubeconfig: string;
  /** The admin's client for set-up. */
  readonly api: Api;
  readonly run: Run;
  /** Process ids of the components that run now. */
  readonly pids: Readonly<Partial<Record<Component, number>>>;
  /** Path of a user's kubeconfig; throws for a user that was not given at the start. */
  kubeconfigFor(user: string): string;
  tokenOf(user: string): string;
  clientCertificate(options: ClientCertificateOptions): Promise<ClientCertificate>;
  kubectl(argv: readonly string[], options?: KubectlOptions): Promise<KubectlResult>;
  /** Server-side apply of YAML text or objects; throws with kubectl's words when it fails. */
  apply(manifests: string | readonly KubeObject[]): Promise<void>;
  /** SIGTERM, SIGKILL after 5 s; resolves when it is gone. */
  stop(component: Component): Promise<void>;
  /** Starts it again with the same arguments; for the API server resolves when /readyz is good. */
  start(component: Component): Promise<void>;
  /** SIGKILL resolves when it is gone, the others at once. */
  signal(component: Component, signal: Signal | 'SIGKILL'): Promise<void>;
  /** Path of the component's log. */
  log(component: Component): string;
  /** Ends every process of the run and removes its directory. */
  close(): Promise<void>;
}

class AddressInUse extends Error {}

const startAttempts = 3;
const clientCertificates = new Map<string, number>();

/**
 * Starts all components; resolves when the API server is ready, both leader Leases are held and the
 * default ServiceAccount exists, so that pods can be made at once.
 * Throws the `skipped: …` reason when the bed is not built, and with the end of the log when a
 * component ends early.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const bed = findBed();
  if (!bed.found) throw new Error(bed.reason);
  const deadline = Date.now() + (options.deadlineMs ?? 120_000);
  for (let attempt = 1; ; attempt += 1) {
    const run = await startRun(bed);
    try {
      const controlPlane = await prepare(bed, run, options);
      await bringUp(controlPlane, deadline);
      return controlPlane;
    } catch (error) {
      await run.end();
      // A free port can be taken by someone else between our look and the API server's bind.
      if (!(error instanceof AddressInUse) || attempt === startAttempts) throw error;
    }
  }
}

async function prepare(bed: Bed, run: Run, options: ControlPlaneOptions): Promise<ControlPlane> {
  const dir = run.directory;
  await makeCertificates(bed, dir, clusterCertificates);
  const tokens = writeTokens(dir, options.users ?? {});
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const kubeconfigs = new Map<string, string>();
  for (const [user, token] of tokens) {
    kubeconfigs.set(user, writeKubeconfig(dir, user, url, { token }));
  }
  const authority = path.join(dir, 'server-ca.crt');
  const kubeconfigFor = (user: string): string => entryOf(kubeconfigs, user);
  const api = openApi({
    url,
    token: entryOf(tokens, adminUser),
    authority: readFileSync(authority),
  });
  const layout = { directory: dir, port, kubeconfigFor };
  const access = { bed, dir, url, authority, kubeconfig: kubeconfigFor(adminUser), api, run };
  const life = lifeOf(access, layout, options.extraArguments ?? {});
  return {
    ...access,
    ...accessOf(access, kubeconfigFor, tokens),
    ...life,
    // Spreading would freeze the getter's value of this moment.
    get pids() {
      return life.pids;
    },
  };
}

type Access = Pick<
  ControlPlane,
  'bed' | 'dir' | 'url' | 'authority' | 'kubeconfig' | 'api' | 'run'
>;

function accessOf(
  { bed, dir, url }: Access,
  kubeconfigFor: (user: string) => string,
  tokens: Tokens,
): Pick<ControlPlane, 'kubeconfigFor' | 'tokenOf' | 'clientCertificate' | 'kubectl' | 'apply'> {
  const kubectl: ControlPlane['kubectl'] = (argv, options = {}) =>
    runKubectl(bed, dir, kubeconfigFor(options.user ?? adminUser), argv, options);
  return {
    kubeconfigFor,
    tokenOf: (user) => entryOf(tokens, user),
    kubectl,
    apply: async (manifests) => {
      const stdin =
        typeof manifests === 'string'
          ? manifests
          : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
      const argv = ['apply', '--server-side', '--force-conflicts', '-f', '-'];
      const { code, stderr } = await kubectl(argv, { stdin });
      if (code !== 0) throw new Error(`kubectl apply: ${stderr.trim()}`);
    },
    clientCertificate: async (options) => {
      const name = `client-${nextNumber(dir)}`;
      await makeCertificates(bed, dir, [
        { ...options, name, usage: 'client', issuer: 'client-ca' },
      ]);
      const pair = keyPair(dir, name);
      return { ...pair, kubeconfig: writeKubeconfig(dir, name, url, pair) };
    },
  };
}

function lifeOf(
  { bed, run, api }: Access,
  layout: Layout,
  extra: NonNullable<ControlPlaneOptions['extraArguments']>,
): Pick<ControlPlane, 'pids' | 'stop' | 'start' | 'signal' | 'log' | 'close'> {
  const running = new Map<Component, Running>();
  const started = (component: Component): Running => {
    const process = running.get(component);
    if (process === undefined) throw new Error(`${component} has not been started`);
    return process;
  };
  return {
    get pids() {
      const alive = [...running].filter(([, process]) => process.alive());
      return Object.fromEntries(alive.map(([component, process]) => [component, process.pid]));
    },
    stop: (component) => started(component).stop(),
    start: async (component) => {
      if (running.get(component)?.alive()) throw new Error(`${component} is running`);
      const { program, argv } = commandLine(bed, component, layout, extra[component] ?? []);
      const process = await run.start(component, program, argv);
      running.set(component, process);
      if (component === 'kube-apiserver') await untilReady(api, process, Date.now() + 120_000);
    },
    signal: async (component, signal) => {
      if (signal === 'SIGKILL') await started(component).kill();
      else started(component).signal(signal);
    },
    log: (component) => started(component).log,
    close: async () => {
      api.close();
      await run.end();
    },
  };
}

async function bringUp(controlPlane: ControlPlane, deadline: number): Promise<void> {
  for (const component of components) await controlPlane.start(component);
  const { api } = controlPlane;
  const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
  const wanted = [
    `${lease}/kube-controller-manager`,
    `${lease}/kube-scheduler`,
    '/api/v1/namespaces/default/serviceaccounts/default',
  ];
  for (const wantedPath of wanted) {
    while ((await api.send('GET', wantedPath)).status !== 200) {
      for (const component of components) {
        if (controlPlane.pids[component] === undefined)
          throw endedEarly(controlPlane.log(component));
      }
      if (Date.now() > deadline) throw new Error(`${wantedPath} did not appear in time`);
      await sleep(100);
    }
  }
}

async function untilReady(api: Api, process: Running, deadline: number): Promise<void> {
  for (;;) {
    if (!process.alive()) throw endedEarly(process.log);
    const status = await api.send('GET', '/readyz').then(
      (response) => response.status,
      () => undefined,
    );
    if (status === 200) return;
    if (Date.now() > deadline) throw new Error(`the API server is not ready: see ${process.log}`);
    await sleep(100);
  }
}

function endedEarly(log: string): Error {
  const text = readFileSync(log, 'utf8');
  const end = text.trimEnd().split('\n').slice(-15).join('\n');
  const message = `${path.basename(log, '.log')} ended early:\n${end}`;
  return text.includes('address already in use') ? new AddressInUse(message) : new Error(message);
}

const clusterCertificates: readonly CertificateRequest[] = [
  { name: 'server-ca', usage: 'ca', commonName: 'evenkeel-bed-server-ca' },
  { name: 'client-ca', usage: 'ca', commonName: 'evenkeel-bed-client-ca' },
  { name: 'service-account', usage: 'client', commonName: 'service-account' },
  {
    name: 'server',
    usage: 'server',
    issuer: 'server-ca',
    commonName: 'kube-apiserver',
    dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    ipAddresses: ['127.0.0.1', '10.43.0.1', '192.0.2.1'],
  },
];

function entryOf(entries: ReadonlyMap<string, string>, user: string): string {
  const entry = entries.get(user);
  if (entry !== undefined) return entry;
  throw new Error(
    `no user ${user}: name it in the options (there are: ${[...entries.keys()].join(', ')})`,
  );
}

function nextNumber(directory: string): number {
  const number = (clientCertificates.get(directory) ?? 0) + 1;
  clientCertificates.set(directory, number);
  return number;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}
