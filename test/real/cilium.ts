/** Cilium in good state, with Hubble. */
import type { KubeObject } from '../bed/api.ts';
import { account, configMap, container, serviceTo, workload } from './manifests.ts';

const system = 'kube-system';
const agent = { 'k8s-app': 'cilium' };
const envoy = { 'k8s-app': 'cilium-envoy' };
const operator = { 'io.cilium/app': 'operator', name: 'cilium-operator' };
const relay = { 'k8s-app': 'hubble-relay' };
const ui = { 'k8s-app': 'hubble-ui' };

export function ciliumObjects(): KubeObject[] {
  return [
    ...['cilium', 'cilium-envoy', 'cilium-operator', 'hubble-relay', 'hubble-ui'].map((name) =>
      account(system, name),
    ),
    configMap(system, 'cilium-config', {
      'enable-hubble': 'true',
      'kube-proxy-replacement': 'true',
    }),
    agents(),
    workload('DaemonSet', system, 'cilium-envoy', {
      labels: envoy,
      containers: [container('cilium-envoy', { 'envoy-metrics': 9964 })],
      pod: { serviceAccountName: 'cilium-envoy', ...everywhere },
    }),
    operators(),
    ...hubble(),
  ];
}

const everywhere = {
  hostNetwork: true,
  priorityClassName: 'system-node-critical',
  tolerations: [{ operator: 'Exists' }],
};

function agents(): KubeObject {
  const initNames = ['config', 'mount-cgroup', 'apply-sysctl-overwrites', 'mount-bpf-fs'];
  const init = [...initNames, 'clean-cilium-state', 'install-cni-binaries'];
  return workload('DaemonSet', system, 'cilium', {
    labels: agent,
    containers: [container('cilium-agent', { 'peer-service': 4244, prometheus: 9962 })],
    pod: {
      ...everywhere,
      serviceAccountName: 'cilium',
      initContainers: init.map((name) => container(name)),
    },
  });
}

/** Two that must not share a node. */
function operators(): KubeObject {
  const apart = { labelSelector: { matchLabels: operator }, topologyKey: 'kubernetes.io/hostname' };
  return workload('Deployment', system, 'cilium-operator', {
    labels: operator,
    containers: [container('cilium-operator', { prometheus: 9963 })],
    replicas: 2,
    pod: {
      ...everywhere,
      serviceAccountName: 'cilium-operator',
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } },
    },
  });
}

function hubble(): KubeObject[] {
  const headless = { clusterIP: 'None' };
  return [
    workload('Deployment', system, 'hubble-relay', {
      labels: relay,
      containers: [container('hubble-relay', { grpc: 4245 })],
      pod: { serviceAccountName: 'hubble-relay' },
    }),
    workload('Deployment', system, 'hubble-ui', {
      labels: ui,
      containers: [container('frontend', { http: 8081 }), container('backend', { grpc: 8090 })],
      pod: { serviceAccountName: 'hubble-ui' },
    }),
    serviceTo(system, 'hubble-peer', agent, { 'peer-service': 443 }),
    serviceTo(system, 'hubble-relay', relay, { grpc: 80 }),
    serviceTo(system, 'hubble-ui', ui, { http: 80 }),
    serviceTo(system, 'hubble-metrics', agent, { prometheus: 9962 }, headless),
    serviceTo(system, 'cilium-agent', agent, { prometheus: 9962 }, headless),
    serviceTo(system, 'cilium-envoy', envoy, { 'envoy-metrics': 9964 }, headless),
  ];
}
