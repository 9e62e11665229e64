import { type CheckCase, describeCheck } from '../../../test/support/cases.ts';
import { type Fields, node, object, pod } from '../../../test/support/objects.ts';
import { testPartialScope } from '../../../test/support/scope.ts';
import { service as anyService } from '../../../test/support/services.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './svclb-missing.ts';

const label = 'svccontroller.k3s.cattle.io';
const inKube = { namespace: 'kube-system' } as const;
const name = 'svclb-traefik-1a2b3c4d';

const service = (spec: Fields = {}): RawObject =>
  anyService('traefik', { type: 'LoadBalancer', selector: { app: 'traefik' }, ...spec }, inKube);

function balancer(common: Fields = {}, nodeSelector: Fields = {}): RawObject {
  const containers = [{ name: 'lb-tcp-80', ports: [{ containerPort: 80, hostPort: 80 }] }];
  const template = { metadata: { labels: { app: name } }, spec: { nodeSelector, containers } };
  return object(
    'apps/v1',
    'DaemonSet',
    name,
    { spec: { selector: { matchLabels: { app: name } }, template }, status: {} },
    {
      namespace: 'kube-system',
      labels: { [`${label}/svcname`]: 'traefik', [`${label}/svcnamespace`]: 'kube-system' },
      ...common,
    },
  );
}

const owner = { kind: 'DaemonSet', name };
const running = (on: string, more: Fields = {}): RawObject =>
  pod(`${name}-${on}`, { namespace: 'kube-system', owner, node: on, ...more });

const meantFor = (on: string): Fields => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: [on] }] },
        ],
      },
    },
  },
});

const pending = (on: string, message: string, created = ago(600)): RawObject =>
  pod(`${name}-${on}`, {
    namespace: 'kube-system',
    owner,
    created,
    phase: 'Pending',
    spec: meantFor(on),
    containerStatuses: [],
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message,
        lastTransitionTime: created,
      },
    ],
  });

const taint = (key: string, effect = 'NoSchedule'): Fields => ({ key, effect });
const stale = taint('node.kubernetes.io/unreachable');
const traefik = [service(), balancer(), node('a'), running('a')];

const basis = {
  name: 'traefik',
  namespace: 'kube-system',
  node: 'b',
  nodes: ['b'],
  taints: [],
  message: '',
  balancer: name,
  balancerNamespace: 'kube-system',
};

const silent = (what: string, objects: readonly RawObject[]): CheckCase => ({
  name: `boundary: silent, ${what}`,
  world: { objects: [...traefik, ...objects] },
  says: [],
  judged: 1,
});

const fails = (what: string, objects: readonly RawObject[]): CheckCase => ({
  name: `boundary: fails, ${what}`,
  world: { objects: [...traefik, ...objects] },
  says: [{ verdict: 'fail', subject: 'Service/kube-system/traefik' }],
});

describeCheck(check, [
  {
    name: 'silent: a svclb pod on every node',
    world: { objects: [...traefik, node('b'), running('b')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: no DaemonSet of ServiceLB for it; not a LoadBalancer',
    world: {
      objects: [
        service(),
        balancer({ labels: { [`${label}/svcname`]: 'other' } }),
        balancer({
          labels: { [`${label}/svcname`]: 'traefik', [`${label}/svcnamespace`]: 'other' },
        }),
        node('a'),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: the Service is no longer a LoadBalancer',
    world: { objects: [service({ type: 'ClusterIP' }), balancer(), node('a')] },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: under a stale taint no pod is made at all, and nothing is Pending',
    world: { objects: [...traefik, node('b', { taints: [stale] }), node('c')] },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/kube-system/traefik',
        severity: 'high',
        onset: { from: null, to: ago(0) },
        field: 'spec.taints',
        facts: {
          ...basis,
          why: 'no-pod',
          nodes: ['b', 'c'],
          taints: ['node.kubernetes.io/unreachable'],
        },
      },
    ],
  },
  {
    name: 'fails: one is Pending, its port taken by somebody else',
    world: {
      objects: [
        ...traefik,
        node('b'),
        pending('b', "0/2 nodes are available: 1 node(s) didn't have free ports for the pod"),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/kube-system/traefik',
        onset: { from: null, to: ago(600) },
        field: 'status.phase',
        facts: {
          ...basis,
          why: 'pending-port',
          message: "0/2 nodes are available: 1 node(s) didn't have free ports for the pod",
        },
      },
    ],
  },
  {
    name: 'fails: one is Pending because of a taint that somebody set, told by the scheduler',
    world: {
      objects: [
        ...traefik,
        node('b', { taints: [taint('dedicated')] }),
        pending('b', '0/2 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}.'),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/kube-system/traefik',
        facts: {
          ...basis,
          why: 'pending-taint',
          message: '0/2 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}.',
        },
      },
    ],
  },
  {
    name: 'fails: one does not start on its node; one is missing on a second',
    world: {
      objects: [...traefik, node('b'), running('b', { phase: 'Pending', ready: false }), node('c')],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/kube-system/traefik',
        facts: { ...basis, why: 'no-pod', nodes: ['b', 'c'] },
      },
    ],
  },
  {
    name: 'fails: one does not start on its node, for no reason of the scheduler',
    world: {
      objects: [...traefik, node('b'), running('b', { phase: 'Pending', ready: false })],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/kube-system/traefik',
        facts: { ...basis, why: 'pending-other' },
      },
    ],
  },
  fails('an evicted pod is no pod', [node('b'), running('b', { phase: 'Failed', ready: false })]),
  fails('the pod is of another DaemonSet', [
    node('b'),
    pod('other', { namespace: 'kube-system', node: 'b', owner: { kind: 'DaemonSet', name: 'x' } }),
  ]),
  silent('a node that became ready 119 s ago', [node('b', { since: ago(119) })]),
  fails('a node that became ready 120 s ago', [node('b', { since: ago(120) })]),
  fails('a node that has been dead for 120 s: a symptom of it', [
    node('b', { ready: 'Unknown', since: ago(120), taints: [stale] }),
  ]),
  silent('Pending for 119 s', [node('b'), pending('b', 'no', ago(119))]),
  fails('Pending for 120 s', [node('b'), pending('b', 'no', ago(120))]),
  {
    name: 'boundary: silent, the DaemonSet was made 119 s ago',
    world: { objects: [service(), balancer({ created: ago(119) }), node('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: fails, the DaemonSet was made 120 s ago',
    world: { objects: [service(), balancer({ created: ago(120) }), node('a')] },
    says: [{ verdict: 'fail', subject: 'Service/kube-system/traefik' }],
  },
  {
    name: "boundary: a node is excluded by k3s's label, another included",
    world: {
      objects: [
        service(),
        balancer({}, { [`${label}/enablelb`]: 'true', [`${label}/lbpool`]: 'front' }),
        node('a', { labels: { [`${label}/enablelb`]: 'true', [`${label}/lbpool`]: 'front' } }),
        running('a'),
        node('b'),
        node('c', { labels: { [`${label}/enablelb`]: 'true', [`${label}/lbpool`]: 'back' } }),
        node('d', { labels: { [`${label}/enablelb`]: 'true', [`${label}/lbpool`]: 'front' } }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/kube-system/traefik',
        facts: { ...basis, why: 'no-pod', node: 'd', nodes: ['d'] },
      },
    ],
  },
  silent('a node that somebody keeps for other work', [
    node('b', { taints: [taint('nvidia.com/gpu')] }),
  ]),
  fails('a taint that keeps nothing away', [
    node('b', { taints: [taint('nvidia.com/gpu', 'PreferNoSchedule')] }),
  ]),
  fails('a taint that svclb tolerates', [
    node('b', {
      taints: [
        taint('CriticalAddonsOnly', 'NoExecute'),
        taint('node-role.kubernetes.io/control-plane'),
        taint('node-role.kubernetes.io/master'),
      ],
    }),
  ]),
  fails('a taint of the cloud controller or the CNI passes', [
    node('b', {
      taints: [
        taint('node.cloudprovider.kubernetes.io/uninitialized'),
        taint('node.cilium.io/agent-not-ready'),
      ],
    }),
  ]),
  {
    name: 'unknown: pods may not be listed',
    world: { objects: traefik, deny: ['pods'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);

testPartialScope(check, traefik, ['pods']);
