/** What a test or a person does with a bed of real nodes that runs. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../api.ts';
import type { NodesBuild } from './build.ts';
import { attach } from './container.ts';
import { type HaproxyAccess, haproxyAccess } from './haproxy.ts';
import { addresses, type BedNode, bedDirectory, lxcPath, namespaces, serverURL } from './layout.ts';
import { inNamespace } from './network.ts';
import { type RunOptions, type RunResult, run } from './run.ts';
import { type SshAccess, sshAccess } from './ssh.ts';

export interface Nodes {
  readonly build: NodesBuild;
  /** Everything that the bed writes is in here; gone after `end()`. */
  readonly directory: string;
  readonly nodes: readonly BedNode[];
  /** Path of the admin's kubeconfig, for programs that run through `exec`. */
  readonly kubeconfig: string;
  /** URL of the API server, for programs that run through `exec`. */
  readonly server: string;
  /** The containers' directory: `lxc-attach -P <lxcPath> -n <lxcName>`. */
  readonly lxcPath: string;
  /** The stand-in for a Proxmox host: ssh as root, and `pct`. */
  readonly pve: { readonly address: string };
  readonly haproxy: HaproxyAccess;
  readonly ssh: SshAccess;
  /** Directory of certificates and keys. */
  readonly keys: string;
  /** The node of that name; throws when there is none. */
  node(name: string): BedNode;
  /** The server, and the workers in order. */
  readonly serverNode: BedNode;
  readonly workers: readonly BedNode[];
  /** Runs a program of this machine in the client's network namespace. */
  exec(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs a program in a node, as root, through lxc-attach. */
  attach(node: BedNode, argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs a command line in a node over ssh; `user` is root, josh or nosudo. */
  shell(node: BedNode, command: string, user?: string): Promise<RunResult>;
  /** The bed's own kubectl, as admin. */
  kubectl(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Server-side apply; throws with kubectl's words when it fails. */
  apply(objects: readonly KubeObject[]): Promise<void>;
  /** What the API says of every Node. */
  states(): Promise<NodeState[]>;
  /** When each node's Lease was renewed last, as it says itself, by the node's name. */
  renewals(): Promise<ReadonlyMap<string, string>>;
  /** Resolves when the nodes (all) are Ready without taints; throws after `deadlineMs` (120,000). */
  untilReady(nodes?: readonly BedNode[], deadlineMs?: number): Promise<void>;
}

/** A Node object in short. */
export interface NodeState {
  readonly name: string;
  /** Status of the Ready condition. */
  readonly ready: string;
  readonly reason: string;
  readonly message: string;
  /** "key:effect" of each. */
  readonly taints: readonly string[];
}

const keysDirectory = (): string => path.join(bedDirectory(), 'keys');
export const kubeconfigFile = (): string => path.join(bedDirectory(), 'kubeconfig');

/** A handle on the bed whose nodes these are; it starts nothing. */
export function openNodes(build: NodesBuild, nodes: readonly BedNode[]): Nodes {
  const [serverNode, ...workers] = nodes;
  if (serverNode === undefined) throw new Error('a bed has at least one node');
  const access = {
    build,
    directory: bedDirectory(),
    nodes,
    kubeconfig: kubeconfigFile(),
    server: serverURL(nodes),
    lxcPath: lxcPath(),
    pve: { address: addresses.pve },
    haproxy: haproxyAccess(),
    ssh: sshAccess(keysDirectory()),
    keys: keysDirectory(),
    serverNode,
    workers,
    node: (name: string) => {
      const node = nodes.find((each) => each.name === name);
      if (node !== undefined) return node;
      throw new Error(`no node ${name}: there are ${nodes.map((each) => each.name).join(', ')}`);
    },
    attach,
  };
  const programs = programsOf(build, access.ssh);
  return { ...access, ...programs, ...statesOf(programs.kubectl, nodes) };
}

type Programs = Pick<Nodes, 'exec' | 'shell' | 'kubectl' | 'apply'>;

function programsOf(build: NodesBuild, ssh: SshAccess): Programs {
  const exec: Nodes['exec'] = (argv, options = {}) =>
    run(inNamespace(namespaces.client, argv), { cwd: bedDirectory(), ...options });
  const kubectl: Nodes['kubectl'] = (argv, options = {}) =>
    exec([build.bed.kube, 'kubectl', ...argv], {
      ...options,
      env: {
        KUBECONFIG: kubeconfigFile(),
        KUBECACHEDIR: path.join(bedDirectory(), 'kubectl-cache'),
        KUBERC: 'off',
        ...options.env,
      },
    });
  return {
    exec,
    kubectl,
    shell: (node, command, user = 'root') =>
      exec(['ssh', '-F', ssh.config, `${user}@${node.address}`, '--', command]),
    apply: async (objects) => {
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      const argv = ['apply', '--server-side', '--force-conflicts', '-f', '-'];
      const { code, stderr } = await kubectl(argv, { input });
      if (code !== 0) throw new Error(`kubectl apply: ${stderr.trim()}`);
    },
  };
}

interface LeaseList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly renewTime?: string };
  }[];
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly taints?: readonly { key: string; effect: string }[] };
    readonly status: {
      readonly conditions?: readonly {
        type: string;
        status: string;
        reason: string;
        message: string;
      }[];
    };
  }[];
}

function statesOf(
  kubectl: Nodes['kubectl'],
  all: readonly BedNode[],
): Pick<Nodes, 'states' | 'renewals' | 'untilReady'> {
  const read = async <T>(...what: string[]): Promise<T> => {
    const argv = ['get', ...what, '-o', 'json', '--request-timeout=5s'];
    const { code, stdout, stderr } = await kubectl(argv, { timeoutMs: 10_000 });
    if (code !== 0) throw new Error(stderr.trim());
    return JSON.parse(stdout) as T;
  };
  const renewals: Nodes['renewals'] = async () => {
    const { items } = await read<LeaseList>('leases', '--namespace=kube-node-lease');
    return new Map(items.map(({ metadata, spec }) => [metadata.name, spec.renewTime ?? '']));
  };
  const states: Nodes['states'] = async () => {
    return (await read<NodeList>('nodes')).items.map(({ metadata, spec, status }) => {
      const ready = status.conditions?.find(({ type }) => type === 'Ready');
      return {
        name: metadata.name,
        ready: ready?.status ?? 'Unknown',
        reason: ready?.reason ?? '',
        message: ready?.message ?? '',
        taints: (spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`),
      };
    });
  };
  const untilReady: Nodes['untilReady'] = async (nodes = all, deadlineMs = 120_000) => {
    const deadline = Date.now() + deadlineMs;
    for (let seen = 'no answer yet'; ; await sleep(250)) {
      try {
        const found = new Map((await states()).map((state) => [state.name, state]));
        const waiting = nodes.filter(({ name }) => !isWell(found.get(name)));
        if (waiting.length === 0) return;
        seen = waiting.map(({ name }) => describeState(name, found.get(name))).join('; ');
      } catch (error) {
        seen = error instanceof Error ? error.message : String(error);
      }
      if (Date.now() > deadline)
        throw new Error(`the nodes were not Ready after ${deadlineMs} ms: ${seen}`);
    }
  };
  return { states, renewals, untilReady };
}

function isWell(state: NodeState | undefined): boolean {
  return state?.ready === 'True' && state.taints.length === 0;
}

function describeState(name: string, state: NodeState | undefined): string {
  if (state === undefined) return `${name} has no Node`;
  return `${name} Ready=${state.ready} (${state.reason}) ${state.taints.join(' ')}`;
}
