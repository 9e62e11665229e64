/** What the stories ask and tell the API server about nodes and workloads. */
import type { KubeObject } from '../bed/api.ts';
import type { ControlPlane } from '../bed/control-plane.ts';
import { until } from './audit.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface Node {
  readonly spec: { readonly taints?: readonly { key: string; effect: string }[] };
  readonly status: { readonly conditions: readonly Condition[] };
}

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase: string; readonly conditions?: readonly Condition[] };
}

export async function readyOf({ api }: ControlPlane, name: string): Promise<string | undefined> {
  const { status } = await api.get<Node>(`/api/v1/nodes/${name}`);
  return status.conditions.find(({ type }) => type === 'Ready')?.status;
}

/** As kubectl writes them: `node.kubernetes.io/unreachable:NoSchedule`. */
export async function taintsOf({ api }: ControlPlane, name: string): Promise<string[]> {
  const { spec } = await api.get<Node>(`/api/v1/nodes/${name}`);
  return (spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
}

export async function podsIn({ api }: ControlPlane, namespace?: string): Promise<Pod[]> {
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return (await api.get<{ items: Pod[] }>(`/api/v1${within}/pods`)).items;
}

/** Resolves when there are at least so many pods and all of them are Ready or done. */
export async function untilRunning(
  controlPlane: ControlPlane,
  least: number,
  namespace?: string,
): Promise<void> {
  const isUp = ({ status: { phase, conditions } }: Pod): boolean =>
    phase === 'Succeeded' ||
    Boolean(conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'));
  let waiting = ['the first pod'];
  const settled = async (): Promise<boolean> => {
    const pods = await podsIn(controlPlane, namespace);
    waiting = pods.filter((pod) => !isUp(pod)).map(({ metadata }) => metadata.name);
    return pods.length >= least && waiting.length === 0;
  };
  await until(`${least} pods run`, settled, 120_000).catch((error: unknown) => {
    throw new Error(`not running: ${waiting.join(', ') || 'too few pods'}`, { cause: error });
  });
}

/** Asks for the pod's end and does not wait for it. */
export async function deletePod(
  { api }: ControlPlane,
  namespace: string,
  name: string,
): Promise<void> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const { status } = await api.send('DELETE', `${pods}/${name}?gracePeriodSeconds=1`);
  if (status >= 300) throw new Error(`deleting ${name}: HTTP ${status}`);
}

/**
 * Applies objects with their status too: first what they are, then what their controller would
 * have written. Held to the schemas: a field that the API server does not know is an error.
 */
export async function applyWhole(
  controlPlane: ControlPlane,
  objects: readonly KubeObject[],
): Promise<void> {
  await controlPlane.apply(objects.map(({ status: _, ...rest }) => rest));
  const told = objects.filter((object) => object['status'] !== undefined);
  if (told.length === 0) return;
  const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: told });
  const argv = ['apply', '--server-side', '--force-conflicts', '--subresource=status', '-f', '-'];
  const { code, stderr } = await controlPlane.kubectl(argv, { stdin });
  if (code !== 0) throw new Error(`kubectl apply of the status: ${stderr.trim()}`);
}
