import { day, hour, minute, second } from '../../src/lib/time.ts';
import type { AuditResult } from '../../src/model/audit.ts';
import type { CheckId, Fail, Past } from '../../src/model/finding.ts';
import type { Incident, Link } from '../../src/model/incident.ts';
import type { Ref } from '../../src/model/ref.ts';
import type { Layer } from '../../src/model/severity.ts';
import { blind, fail, now, silentSince } from './result-parts.ts';

const pod = (namespace: string, name: string): Ref => ({ kind: 'Pod', namespace, name });

const node: Fail = fail(
  'F-node',
  'node/not-ready',
  { kind: 'Node', name: 'k3s3' },
  {
    severity: 'critical',
    onset: { from: silentSince, to: silentSince + 50 * second },
    facts: {
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      sinceAt: silentSince + 50 * second,
      forMs: 3 * day + 19 * minute,
    },
    evidence: [
      {
        object: { kind: 'Node', name: 'k3s3' },
        field: 'status.conditions[Ready].status',
        value: 'Unknown',
        at: silentSince + 50 * second,
      },
      {
        object: { kind: 'Lease.coordination.k8s.io', namespace: 'kube-node-lease', name: 'k3s3' },
        field: 'spec.renewTime',
        value: '2025-10-10T07:52:30Z',
        at: silentSince,
      },
    ],
  },
);

const stuckNames = [
  ['media', 'jellyfin-7d9c5b8f4-x2lqp'],
  ['media', 'sonarr-5f6d8c9b77-4kq2m'],
  ['media', 'radarr-6c4b9d7f55-zz8tw'],
  ['apps', 'label-studio-0'],
  ['apps', 'project-bootstrapper-59f8d7c6b4-8xk2p'],
  ['monitoring', 'grafana-0'],
] as const;

const stuck = stuckNames.map(([namespace, name], at) =>
  fail(`F-stuck${at}`, 'workload/stuck-terminating', pod(namespace, name), {
    facts: { node: 'k3s3', forMs: 3 * day },
  }),
);

const services = [
  ['media', 'jellyfin'],
  ['apps', 'label-studio'],
] as const;

const mute = services.map(([namespace, name], at) =>
  fail(
    `F-svc${at}`,
    'network/service-without-endpoints',
    { kind: 'Service', namespace, name },
    {
      facts: { pods: 1 },
    },
  ),
);

const route = fail(
  'F-route',
  'edge/route-without-backend',
  { kind: 'HTTPRoute.gateway.networking.k8s.io', namespace: 'media', name: 'jellyfin' },
  { facts: { hostnames: ['tv.example.net'], service: 'media/jellyfin' } },
);

const attach = fail(
  'F-attach',
  'storage/attach-stuck',
  {
    kind: 'VolumeAttachment.storage.k8s.io',
    name: 'csi-0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
  },
  {
    severity: 'medium',
    facts: {
      volume: 'pvc-3b0f8a52-7a55-4c3a-9a8e-0d2c44f9f1aa',
      node: 'k3s3',
      claim: 'apps/label-studio-data',
    },
  },
);

const crash = fail('F-crash', 'workload/crash-loop', pod('auth', 'oauth2-proxy-6b8f9c7d5-qwert'), {
  onset: { from: now - 5 * hour, to: now - 4 * hour },
  facts: {
    restarts: 48,
    windowMs: 4 * hour,
    message: 'cookie_secret must be 16, 24, or 32 bytes to create an AES cipher, but is 43 bytes',
  },
});

const disk = fail(
  'F-disk',
  'node/disk-filling',
  { kind: 'Node', name: 'k3s1' },
  {
    severity: 'medium',
    onset: { from: null, to: now - 2 * hour },
    facts: { usedPercent: 87.4, freeBytes: 6.1 * 2 ** 30 },
  },
);

const posture = (id: string, check: CheckId, subject: Ref, more: Partial<Fail> = {}): Fail =>
  fail(id, check, subject, { kind: 'posture', onset: { from: null, to: now }, ...more });

const single = posture('F-single', 'control-plane/single-server', { kind: 'Node', name: 'k3s1' });

const replicas = ['radarr', 'sonarr', 'jellyfin', 'bazarr', 'prowlarr'].map((name, at) =>
  posture(
    `F-one${at}`,
    'workload/one-replica',
    { kind: 'Deployment.apps', namespace: 'media', name },
    { severity: 'low' },
  ),
);

const volume = posture(
  'F-replica',
  'storage/single-replica',
  { kind: 'Volume.longhorn.io', namespace: 'longhorn-system', name: 'pvc-3b0f8a52' },
  { severity: 'medium', facts: { node: 'k3s3' } },
);

const flap: Past = {
  id: 'F-flap',
  check: 'node/not-ready',
  subject: { kind: 'Node', name: 'k3s2' },
  verdict: 'past',
  onset: { from: null, to: now - 50 * minute },
  endedAt: now - 45 * minute,
  facts: { name: 'k3s2', status: 'True' },
  evidence: [],
};

const noHosts = {
  reason: 'not-collected' as const,
  detail: 'the machines were not looked at (--hosts evenkeel.yaml)',
};
const withoutHosts = {
  ...noHosts,
  severity: 'critical' as const,
  gaps: [{ facet: 'hosts', ...noHosts }],
};
const blinds = [
  blind('F-b1', 'host/kmsg-missing', withoutHosts),
  blind('F-b2', 'link/usb-nic-flapping', withoutHosts),
  blind('F-b3', 'node/kubelet-slow'),
  blind('F-b4', 'storage/volume-filling', {
    subject: { kind: 'PersistentVolumeClaim', namespace: 'apps', name: 'label-studio-data' },
    reason: 'timed-out',
    detail: 'k3s3 did not answer within 10 s',
  }),
];

const follows = (finding: string, cause: string, depth: number, weight = 0.95): Link => ({
  finding,
  cause,
  weight,
  depth,
});

const incident: Incident = {
  id: 'I-7gk2m4qa',
  certainty: 'suspected',
  roots: ['F-node'],
  suspected: {
    candidates: ['kubelet', 'host', 'link'],
    well: [],
    decide: "ssh k3s3 'systemctl status k3s k3s-agent; ip -br addr'",
    shared: false,
    what: '',
  },
  links: [
    ...stuck.map((each) => follows(each.id, 'F-node', 1)),
    ...mute.map((each) => follows(each.id, 'F-node', 1, 0.9)),
    follows('F-attach', 'F-node', 1, 0.62),
    follows('F-route', 'F-svc0', 2),
  ],
  contributing: ['F-replica'],
  rivals: [{ roots: ['F-attach', 'F-stuck3'], weight: 0.04, against: 'less-likely' }],
  blind: ['F-b1', 'F-b2'],
  severity: 'critical',
  onset: node.onset,
};

const ran = (id: CheckId, judged: number, well: number, kind: Fail['kind'] = 'event') => ({
  id,
  layer: id.slice(0, id.indexOf('/')) as Layer,
  kind,
  state: 'ran' as const,
  judged,
  well,
});

const could = (id: CheckId, state: 'blind' | 'absent') => ({
  ...ran(id, 0, 0),
  state,
});

/** A node that died three days ago, and what else there is to say of its cluster. */
export const deadNode: AuditResult = {
  cluster: { context: 'homelab', server: 'https://192.168.1.10:6443', version: 'v1.32.5+k3s1' },
  at: now + 400,
  serverDate: now,
  checks: [
    could('link/usb-nic-flapping', 'blind'),
    could('host/kmsg-missing', 'blind'),
    ran('node/not-ready', 3, 2),
    ran('node/disk-filling', 3, 2),
    could('node/kubelet-slow', 'blind'),
    ran('control-plane/single-server', 1, 0, 'posture'),
    ran('network/service-without-endpoints', 41, 39),
    ran('storage/attach-stuck', 12, 11),
    ran('storage/volume-filling', 14, 13),
    ran('storage/single-replica', 12, 11, 'posture'),
    could('gitops/flux-not-ready', 'absent'),
    ran('workload/stuck-terminating', 64, 58),
    ran('workload/crash-loop', 64, 63),
    ran('workload/one-replica', 31, 26, 'posture'),
    ran('edge/route-without-backend', 9, 8),
  ],
  findings: [
    node,
    ...stuck,
    ...mute,
    route,
    attach,
    crash,
    disk,
    single,
    ...replicas,
    volume,
    flap,
    ...blinds,
  ],
  incidents: [incident],
  alone: ['F-crash', 'F-disk'],
  postures: ['F-single', 'F-replica', ...replicas.map((each) => each.id)],
  state: [
    { area: 'link', percent: 0, atMost: 100, subjects: 0, well: 0, unknown: 1 },
    { area: 'host', percent: 0, atMost: 100, subjects: 0, well: 0, unknown: 1 },
    { area: 'node', percent: 30, atMost: 60, subjects: 3, well: 0, unknown: 1 },
    { area: 'control-plane', percent: 50, atMost: 50, subjects: 1, well: 0, unknown: 0 },
    { area: 'network', percent: 97, atMost: 97, subjects: 41, well: 39, unknown: 0 },
    { area: 'storage', percent: 93, atMost: 95, subjects: 26, well: 23, unknown: 1 },
    { area: 'workload', percent: 94, atMost: 94, subjects: 95, well: 83, unknown: 0 },
    { area: 'edge', percent: 94, atMost: 94, subjects: 9, well: 8, unknown: 0 },
    { area: 'gpu', percent: null, atMost: null, subjects: 0, well: 0, unknown: 0 },
  ],
};

/** Nothing was found, everything could be seen. */
export const healthy: AuditResult = {
  cluster: deadNode.cluster,
  at: now,
  serverDate: now,
  checks: [ran('node/not-ready', 3, 3), ran('workload/crash-loop', 64, 64)],
  findings: [],
  incidents: [],
  alone: [],
  postures: [],
  state: [
    { area: 'node', percent: 100, atMost: 100, subjects: 3, well: 3, unknown: 0 },
    { area: 'workload', percent: 100, atMost: 100, subjects: 64, well: 64, unknown: 0 },
  ],
};
