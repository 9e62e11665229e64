/** Many pods that start on one node, and what pod starts write to the one kernel log. */
import type { AuditDocument } from '../../src/report/schema.ts';
import type { BedNode } from '../bed/nodes/layout.ts';
import type { Nodes } from '../bed/nodes/nodes.ts';
import { must } from '../bed/nodes/run.ts';
import { webContainer } from '../bed/nodes/web.ts';
import { ways } from '../drill/expectations.ts';
import { look } from '../drill/looks.ts';
import { until } from '../real/audit.ts';

const name = 'crowd';

/**
 * Starts so many pods and looks, every way and again and again, until they all run and every machine
 * answered. Gives what was said of a link, or to be broken, at any time: nothing is.
 */
export async function watchPodStarts(
  nodes: Nodes,
  node: BedNode,
  count: number,
): Promise<readonly string[]> {
  const said: string[] = [];
  const seeAll = async (): Promise<boolean> => {
    let answered = true;
    for (const way of ways) {
      const { document } = await look(nodes, way);
      said.push(...wrongIn(document).map((headline) => `${way}: ${headline}`));
      answered &&= document.hosts?.every((host) => host.answered) ?? false;
    }
    return answered;
  };
  const started = async (): Promise<boolean> => {
    await seeAll();
    return (await readyPods(nodes)) >= count;
  };
  try {
    await startPods(nodes, node, count);
    await Promise.all([renames(count), until(`${count} pods run`, started, 180_000)]);
    // With all of it on one machine a look may come too late for a while.
    await until('every machine answers', seeAll, 90_000);
  } finally {
    await endPods(nodes);
  }
  return said;
}

function wrongIn({ findings }: AuditDocument): readonly string[] {
  return findings
    .filter(({ verdict }) => verdict === 'fail')
    .filter(({ kind, layer }) => kind === 'event' || layer === 'link')
    .map(({ check, headline }) => `${check}: ${headline}`);
}

/** Starts them and returns at once. The kubelet has room for 110, and the bed uses a few. */
async function startPods(nodes: Nodes, node: BedNode, count: number): Promise<void> {
  await nodes.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: name },
      spec: {
        replicas: count,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            nodeSelector: { 'kubernetes.io/hostname': node.name },
            terminationGracePeriodSeconds: 1,
            containers: [webContainer(['pause'])],
          },
        },
      },
    },
  ]);
}

/** How many are Ready. */
async function readyPods(nodes: Nodes): Promise<number> {
  const argv = ['get', 'deployment', name, `--namespace=${name}`];
  const { code, stdout, stderr } = await nodes.kubectl([
    ...argv,
    '--output=jsonpath={.status.readyReplicas}',
  ]);
  if (code !== 0) throw new Error(stderr.trim());
  return Number(stdout);
}

/** Returns when the last one is gone. */
async function endPods(nodes: Nodes): Promise<void> {
  const argv = ['delete', 'namespace', name, '--ignore-not-found', '--timeout=150s'];
  const { code, stderr } = await nodes.kubectl(argv, { timeoutMs: 160_000 });
  if (code !== 0) throw new Error(stderr.trim());
}

/**
 * Does what Cilium does at each pod start, in namespaces of its own: a veth pair, one end of it
 * renamed to `eth0`. The kernel writes `eth0: renamed from tmp…`, and the host's own is untouched.
 * The bridge plugin, which starts the pods of the bed, makes the interface under its last name: of a
 * hundred of its pods the kernel tells six hundred lines of ports and modes, and of no rename.
 */
async function renames(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const namespace = `evenkeel-pod${n}`;
    const link = ['ip', '-n', namespace, 'link'];
    await must(['ip', 'netns', 'add', namespace]);
    try {
      await must([...link, 'add', `lxc${n}`, 'type', 'veth', 'peer', 'name', `tmp${n}`]);
      await must([...link, 'set', `tmp${n}`, 'name', 'eth0']);
    } finally {
      await must(['ip', 'netns', 'del', namespace]);
    }
  }
}
