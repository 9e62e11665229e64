import { containerStatuses, type Pod } from '../objects/pod.ts';

/** What the rest of its node, or of the cluster, depends on a pod for. */
export type Role = 'network-plugin' | 'csi-driver' | 'workload';

/** DaemonSets that lay a node's pod network: without theirs the kubelet says NetworkPluginNotReady. */
const networkPlugins: ReadonlySet<string> = new Set([
  'antrea-agent',
  'calico-node',
  'canal',
  'cilium',
  'kube-flannel-ds',
  'kube-multus-ds',
  'kube-ovn-cni',
  'kube-router',
  'rke2-canal',
  'weave-net',
]);

/** By the name of its DaemonSet, or by the sidecar that registers a CSI driver with the kubelet. */
export function roleOf(daemonSet: string | undefined, containers: readonly string[]): Role {
  if (daemonSet !== undefined && networkPlugins.has(daemonSet)) return 'network-plugin';
  return containers.some((name) => name.endsWith('driver-registrar')) ? 'csi-driver' : 'workload';
}

export function roleOfPod(pod: Pod): Role {
  const owner = pod.metadata.ownerReferences?.find((each) => each.controller);
  return roleOf(
    owner?.kind === 'DaemonSet' ? owner.name : undefined,
    containerStatuses(pod).map((each) => each.name),
  );
}
