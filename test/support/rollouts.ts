import type { Facts } from '../../src/model/finding.ts';
import type { Said } from './cases.ts';
import { event, object, pod } from './objects.ts';
import { ago, type RawObject } from './snapshot.ts';

type Fields = { readonly [name: string]: unknown };

export const namespace = 'default';
const template = (container = 'main'): Fields => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: container, image: 'app:1' }] },
});

interface Replicated {
  readonly wanted?: number;
  readonly ready?: number;
  readonly conditions?: readonly Fields[];
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly metadata?: Fields;
}
const common = (metadata: Fields = {}): Fields => ({
  namespace,
  metadata: { generation: 3, ...metadata },
});
export const progressing = (status: string, reason: string, since = ago(4000)): Fields => ({
  type: 'Progressing',
  status,
  reason,
  message: 'as the controller says',
  lastTransitionTime: since,
  lastUpdateTime: ago(20),
});
export const complete = progressing('True', 'NewReplicaSetAvailable');
export const available = (status: string, since: string): Fields => ({
  type: 'Available',
  status,
  reason: status === 'True' ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
  lastTransitionTime: since,
});
export const deployment = (shape: Replicated = {}): RawObject => {
  const { wanted = 2, ready = wanted } = shape;
  const spec = {
    replicas: wanted,
    progressDeadlineSeconds: 600,
    selector: { matchLabels: { app: 'web' } },
    template: template(),
    ...shape.spec,
  };
  const status = {
    observedGeneration: 3,
    replicas: wanted,
    readyReplicas: ready,
    availableReplicas: ready,
    conditions: shape.conditions ?? [complete, available('True', ago(4000))],
    ...shape.status,
  };
  return object('apps/v1', 'Deployment', 'web', { spec, status }, common(shape.metadata));
};
export const statefulSet = (shape: Replicated = {}): RawObject => {
  const { wanted = 3, ready = wanted } = shape;
  const spec = { replicas: wanted, serviceName: 'db', template: template(), ...shape.spec };
  const status = { observedGeneration: 3, replicas: wanted, readyReplicas: ready, ...shape.status };
  return object('apps/v1', 'StatefulSet', 'db', { spec, status }, common(shape.metadata));
};
export const daemonSet = (
  shape: Replicated = {},
  name = 'cilium',
  container = 'cilium-agent',
): RawObject => {
  const { wanted = 3, ready = wanted } = shape;
  const status = {
    observedGeneration: 3,
    desiredNumberScheduled: wanted,
    currentNumberScheduled: wanted,
    numberReady: ready,
    ...shape.status,
  };
  const fields = { spec: { template: template(container) }, status };
  return object('apps/v1', 'DaemonSet', name, fields, common(shape.metadata));
};
export const replicaSet = object(
  'apps/v1',
  'ReplicaSet',
  'web-1',
  { spec: {}, status: {} },
  { namespace, owner: { kind: 'Deployment', name: 'web' } },
);
export const ofWeb = { owner: { kind: 'ReplicaSet', name: 'web-1' } };
export const ofDb = { owner: { kind: 'StatefulSet', name: 'db' } };
export const unready = (name: string, since: string, shape: Fields = {}): RawObject =>
  pod(name, { node: 'k3s1', ready: false, since, ...ofDb, ...shape });
const noWebhook =
  'Error creating: Internal error occurred: failed calling webhook "mutate.example.org": failed to call webhook: connection refused';
export const byWebhook = {
  why: 'webhook',
  webhook: 'mutate.example.org',
  message: noWebhook,
  wanted: 3,
  ready: 2,
};
export const refused = (kind: string, name: string, shape: Fields = {}): RawObject =>
  event(`${name}.1`, {
    about: { kind, namespace, name },
    reason: 'FailedCreate',
    message: noWebhook,
    first: ago(900),
    last: ago(30),
    source: { component: 'daemonset-controller' },
    ...shape,
  });
export const fails = (subject: string, seconds: number, facts: Facts = {}): Said => {
  const [kind = '', , name = ''] = subject.split('/');
  return {
    verdict: 'fail',
    subject,
    facts: {
      name,
      namespace,
      kind: kind.replace('.apps', ''),
      why: 'pods-not-ready',
      message: '',
      wanted: 2,
      ready: 1,
      pods: [],
      role: 'workload',
      isSurplus: false,
      sinceAt: Date.parse(ago(seconds)),
      forMs: seconds * 1000,
      notSeen: [],
      ...facts,
    },
  };
};

export const web = 'Deployment.apps/default/web';
export const db = 'StatefulSet.apps/default/db';
export const cilium = 'DaemonSet.apps/default/cilium';
