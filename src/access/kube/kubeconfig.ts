import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { type Run, run } from '../host/run.ts';
import type { Connection } from './connection.ts';
import { readCluster } from './kubeconfig/cluster.ts';
import { isMissing, type KubeconfigFile, parseKubeconfig, readText } from './kubeconfig/file.ts';
import { inCluster } from './kubeconfig/in-cluster.ts';
import { MergedKubeconfig, shownNames } from './kubeconfig/merge.ts';
import { KubeconfigProblem, shellWord } from './kubeconfig/problem.ts';
import { anonymous, readUser } from './kubeconfig/user.ts';

export interface ConnectionOptions {
  /** `--kubeconfig`: this file and no other. */
  kubeconfig?: string;
  /** `--context`: in place of the file's current one. */
  context?: string;
  env?: NodeJS.ProcessEnv;
  home?: string;
  /** In place of `/`, for k3s's own kubeconfig and for the service account. */
  root?: string;
  clock?: Clock;
  /** Starts exec plugins. */
  run?: Run;
}

type Surroundings = Required<Omit<ConnectionOptions, 'kubeconfig' | 'context'>>;

/**
 * Finds the cluster and who we are there, as kubectl does: the file named, `KUBECONFIG`,
 * `~/.kube/config`; then k3s's own file, then the pod's account.
 * Asks no server. Rejects with a `KubeconfigProblem` and nothing else.
 */
export async function loadConnection(options: ConnectionOptions = {}): Promise<Connection> {
  const around: Surroundings = {
    env: process.env,
    home: homedir(),
    root: '/',
    clock: systemClock,
    run,
    ...options,
  };
  const named = await namedFiles(options, around);
  if (named !== undefined) return connect(await readAll(named), options.context, around);
  const k3s = join(around.root, 'etc/rancher/k3s/k3s.yaml');
  const own = (await isMissing(k3s)) ? undefined : await readAll([k3s]).catch(asProblem);
  if (own instanceof MergedKubeconfig) return connect(own, options.context, around);
  const account = await inCluster(around.root, around.env, around.clock);
  if (account !== undefined) return account;
  throw own ?? nothingFound(around.home, k3s);
}

/** The files that the user names, or has at home; undefined when there are none. */
async function namedFiles(
  options: ConnectionOptions,
  { env, home }: Surroundings,
): Promise<readonly string[] | undefined> {
  if (options.kubeconfig !== undefined) return [options.kubeconfig];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) return presentOf([...new Set(listed)]);
  const own = join(home, '.kube', 'config');
  return (await isMissing(own)) ? undefined : [own];
}

/** As kubectl, skips the missing ones; when all are, it talks to localhost, and we say so. */
async function presentOf(listed: readonly string[]): Promise<readonly string[]> {
  const present: string[] = [];
  for (const file of listed) {
    if (!(await isMissing(file))) present.push(file);
  }
  if (present.length > 0) return present;
  const files = listed.join(', ');
  const tilde = listed.some((file) => file.startsWith('~'));
  throw new KubeconfigProblem(
    undefined,
    `KUBECONFIG names ${files}, and there is no such file`,
    tilde
      ? "The shell expands '~' only outside quotes: 'export KUBECONFIG=$HOME/.kube/config'."
      : "Point it at a file that exists, or 'unset KUBECONFIG'.",
  );
}

async function readAll(files: readonly string[]): Promise<MergedKubeconfig> {
  const parsed: KubeconfigFile[] = [];
  for (const file of files) parsed.push(await parseKubeconfig(await readText(file), file));
  const merged = new MergedKubeconfig(parsed);
  if (!merged.isEmpty) return merged;
  throw new KubeconfigProblem(
    undefined,
    `${files.join(', ')}: empty: no clusters, users or contexts`,
    "A k3s server has one in /etc/rancher/k3s/k3s.yaml: 'sudo cat /etc/rancher/k3s/k3s.yaml'.",
  );
}

function asProblem(error: unknown): KubeconfigProblem {
  if (error instanceof KubeconfigProblem) return error;
  throw error;
}

async function connect(
  config: MergedKubeconfig,
  wanted: string | undefined,
  around: Surroundings,
): Promise<Connection> {
  const name = wanted ?? config.currentContext ?? noContext(config);
  const context = config.find('context', name);
  const clusterName = context.text('cluster');
  if (clusterName === undefined) throw context.problem('cluster', 'is missing');
  const cluster = await readCluster(config.find('cluster', clusterName, context));
  const userName = context.text('user');
  const user = userName === undefined ? undefined : config.find('user', userName, context);
  const credentials = user === undefined ? anonymous : await readUser(user, { ...around, cluster });
  const namespace = context.text('namespace');
  const { execConfig: _, ...reached } = cluster;
  return {
    ...reached,
    context: name,
    source: config.files.join(delimiter),
    user: userName ?? '',
    ...(namespace !== undefined && { namespace }),
    ...credentials,
  };
}

function noContext(config: MergedKubeconfig): never {
  const names = config.names('context');
  const [first] = names;
  throw new KubeconfigProblem(
    undefined,
    first === undefined
      ? `${config.files.join(', ')}: there are no contexts`
      : `${config.files.join(', ')}: no current context; there are: ${shownNames(names)}`,
    first === undefined
      ? "Add one with 'kubectl config set-context NAME --cluster=CLUSTER --user=USER'."
      : `Choose one with '--context ${shellWord(first)}', or for good with 'kubectl config use-context ${shellWord(first)}'.`,
  );
}

function nothingFound(home: string, k3s: string): KubeconfigProblem {
  const looked = `KUBECONFIG (not set), ${join(home, '.kube', 'config')}, ${k3s}, a pod's account`;
  return new KubeconfigProblem(
    undefined,
    `no kubeconfig found; looked at: ${looked}`,
    "Copy one from a k3s server: 'ssh SERVER sudo cat /etc/rancher/k3s/k3s.yaml', with 127.0.0.1 replaced by the server's address.",
  );
}
