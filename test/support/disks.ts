/** Worlds in which one pod may fill the disk of node `k3s2`, of 100 GiB. */
import type { Facts } from '../../src/model/finding.ts';
import type { Host } from '../../src/model/objects/host/host.ts';
import type { Said } from './cases.ts';
import { host, known } from './hosts.ts';
import { pod } from './objects.ts';
import { ago, type RawObject } from './snapshot.ts';

type Fields = { readonly [name: string]: unknown };

export const gi = 2 ** 30;
export const written = (name: string, usedBytes?: number, namespace = 'default'): Fields => ({
  podRef: { name, namespace, uid: `uid-of-${namespace}-${name}` },
  startTime: ago(7200),
  'ephemeral-storage': { time: ago(10), capacityBytes: 100 * gi, usedBytes, inodesUsed: 90 },
});
/** A disk of 100 GiB. */
export const disk = (freeBytes: number, ...pods: readonly Fields[]): Fields => ({
  node: {
    nodeName: 'k3s2',
    fs: {
      time: ago(10),
      availableBytes: freeBytes,
      capacityBytes: 100 * gi,
      usedBytes: 95 * gi - freeBytes,
    },
  },
  pods,
});
export const web = (shape: Fields = {}): RawObject => pod('web', { node: 'k3s2', ...shape });
export const said = (used: string): string =>
  `The node was low on resource: ephemeral-storage. Threshold quantity: 5Gi, available: 4Gi. Container main was using ${used}, request is 0, has larger consumption of ephemeral-storage. `;
export const evicted = (used: string, shape: Fields = {}): RawObject =>
  web({
    phase: 'Failed',
    ready: false,
    reason: 'Evicted',
    message: said(used),
    conditions: [
      { type: 'DisruptionTarget', status: 'True', lastTransitionTime: ago(600) },
      { type: 'Ready', status: 'False', reason: 'PodFailed', lastTransitionTime: ago(4000) },
    ],
    ...shape,
  });
/** Of a pod whose containers end with 0 only the condition says why it went. */
export const quietly = (used: string, name = 'web'): RawObject => {
  const target = { type: 'DisruptionTarget', status: 'True', message: said(used) };
  const conditions = [{ ...target, lastTransitionTime: ago(600) }];
  const gone = evicted(used, { phase: 'Succeeded', conditions });
  const status = { ...(gone['status'] as object), reason: undefined, message: undefined };
  const spec = { ...(gone['spec'] as object), volumes: [{ name: 'data', emptyDir: {} }] };
  return { ...gone, metadata: { ...gone.metadata, name }, spec, status };
};
/** What `du` says of a pod's directory. */
export const heldBy = (
  podUid: string,
  bytes: number,
): { readonly path: string; readonly bytes: number; readonly podUid: string } => ({
  path: `/var/lib/kubelet/pods/${podUid}`,
  bytes,
  podUid,
});
export const hostWithFree = (availableBytes: number): Host => {
  const { fileSystems } = host('k3s2');
  const [root] = fileSystems.state === 'known' ? fileSystems.value : [];
  return host('k3s2', {
    fileSystems: known(root ? [{ ...root, sizeBytes: 100 * gi, availableBytes }] : []),
  });
};

/** The same, with nowhere to write but memory. */
export const inMemory = (gone: RawObject): RawObject => ({
  ...gone,
  spec: {
    ...(gone['spec'] as object),
    volumes: [{ name: 'data', emptyDir: { medium: 'Memory' } }],
  },
});

/** What is said of the pod `web` that held 60 GiB. */
export const fails = (facts: Facts = {}): Said & { readonly facts: Facts } => ({
  verdict: 'fail',
  subject: 'Pod/default/web',
  facts: {
    name: 'web',
    namespace: 'default',
    node: 'k3s2',
    why: 'evicted',
    usedBytes: 60 * gi,
    capacityBytes: 100 * gi,
    sharePercent: 60,
    fullPercent: 40,
    ...facts,
  },
});
