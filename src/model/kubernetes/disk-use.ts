import { parseQuantity } from '../../lib/quantity.ts';
import { conditionOf } from '../objects/meta.ts';
import type { KubeletSummary } from '../objects/node.ts';
import type { Pod } from '../objects/pod.ts';
import { type Ref, refOf } from '../ref.ts';
import type { Topology } from '../topology.ts';

/** The file system of a kubelet's pods. */
export interface Disk {
  readonly capacityBytes: number;
  readonly availableBytes: number;
  /** By what is available, as the kubelet decides: capacity minus use would be more. */
  readonly fullPercent: number;
}

/** What one pod holds of it, and what says so; undefined where nobody has measured it. */
export interface Use {
  readonly usedBytes: number | undefined;
  readonly evidence: {
    readonly object: Ref;
    readonly field: string;
    readonly value: string | number | null;
  };
}

/** As the host shows it now, else as its kubelet measured it lately. */
export function diskOf(
  nodeName: string | null | undefined,
  summary: KubeletSummary | undefined,
  topology: Topology,
): Disk | undefined {
  const host = topology.hostOfNode.get(nodeName ?? '');
  const seen = host?.fileSystems.state === 'known' ? host.fileSystems.value : [];
  const own = seen.find(({ holds }) => holds.includes('kubelet'));
  return (
    diskWith(own?.sizeBytes, own?.availableBytes) ??
    diskWith(summary?.node?.fs?.capacityBytes, summary?.node?.fs?.availableBytes)
  );
}

function diskWith(
  capacityBytes: number | null | undefined,
  availableBytes: number | null | undefined,
): Disk | undefined {
  if (!capacityBytes || typeof availableBytes !== 'number') return undefined;
  const fullPercent = Math.floor(1000 * (1 - availableBytes / capacityBytes)) / 10;
  return { capacityBytes, availableBytes, fullPercent };
}

/** The kubelet counts what a pod wrote once a minute; the host, when its disk is nearly full, now. */
export function useOf(pod: Pod, summary: KubeletSummary | undefined, topology: Topology): Use {
  const onHost = useOnHost(pod, topology);
  const inSummary = useInSummary(pod, summary);
  if (!onHost) return inSummary;
  return (onHost.usedBytes ?? 0) > (inSummary.usedBytes ?? 0) ? onHost : inSummary;
}

function useInSummary(pod: Pod, summary: KubeletSummary | undefined): Use {
  const { name, namespace } = pod.metadata;
  const stats = summary?.pods?.find(
    ({ podRef }) => podRef.name === name && podRef.namespace === namespace,
  );
  const usedBytes = stats?.['ephemeral-storage']?.usedBytes ?? undefined;
  const field = `pods[${namespace}/${name}].ephemeral-storage.usedBytes`;
  return {
    usedBytes,
    evidence: { object: refOf(summary ?? pod), field, value: usedBytes ?? null },
  };
}

function useOnHost({ metadata, spec }: Pod, topology: Topology): Use | undefined {
  const host = topology.hostOfNode.get(spec.nodeName ?? '');
  if (host?.usage.state !== 'known') return undefined;
  const own = host.usage.value.filter(({ podUid }) => podUid && podUid === metadata.uid);
  const [largest] = own.toSorted((a, b) => b.bytes - a.bytes);
  if (!largest) return undefined;
  const usedBytes = own.reduce((sum, { bytes }) => sum + bytes, 0);
  const field = `usage[${largest.path}].bytes`;
  return { usedBytes, evidence: { object: refOf(host), field, value: usedBytes } };
}

/** What the kubelet said when it ended a pod for the sake of the node's disk. */
const saysDisk = /low on resource: ephemeral-storage/;

/**
 * Evicted for the node's sake; a pod over its own limit was stopped in time. One whose containers
 * ended well on being told to is *Succeeded*, and only its condition tells.
 */
export function isEvictedForDisk(pod: Pod): boolean {
  return saysDisk.test(evictionOf(pod));
}

function evictionOf({ status }: Pod): string {
  if (status.reason === 'Evicted') return status.message ?? '';
  return conditionOf(status.conditions, 'DisruptionTarget')?.message ?? '';
}

/** `Container main was using 35Gi, request is 0`, once for each container; what it wrote to an `emptyDir` is not in it. */
export function useOfEvicted(pod: Pod): Use {
  const value = evictionOf(pod);
  const told = [...value.matchAll(/was using (\S+), request is/g)];
  const usedBytes = told.reduce((sum, [, quantity]) => sum + (parseQuantity(quantity) ?? 0), 0);
  return { usedBytes, evidence: { object: refOf(pod), field: fieldOf(pod), value } };
}

/**
 * What is free again since the pod went: its own, if it had somewhere to write that its containers'
 * use does not show, and no other pod went. Somebody may have removed a file just then, so it is no
 * proof. Undefined where it says nothing.
 */
export function freedByGoing(
  pod: Pod,
  disk: Disk | undefined,
  pods: readonly Pod[],
): Use | undefined {
  const value = evictionOf(pod);
  const before = parseQuantity(/available: (\w+)/.exec(value)?.[1]);
  const went = pods.filter(
    (each) => each.spec.nodeName === pod.spec.nodeName && isEvictedForDisk(each),
  );
  const hasDirectory = pod.spec.volumes?.some(
    ({ emptyDir }) => emptyDir && emptyDir.medium !== 'Memory',
  );
  if (!disk || before === undefined || went.length !== 1 || !hasDirectory) return undefined;
  const usedBytes = disk.availableBytes - before;
  return { usedBytes, evidence: { object: refOf(pod), field: fieldOf(pod), value } };
}

function fieldOf({ status }: Pod): string {
  return status.reason === 'Evicted' ? 'status.message' : 'status.conditions';
}
