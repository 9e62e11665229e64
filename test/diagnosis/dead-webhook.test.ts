import { describe, expect, test } from 'vitest';
import { event, lease, node, object, pod } from '../support/objects.ts';
import { ago, type RawObject } from '../support/snapshot.ts';
import { audited } from './world.ts';

const healthy = (name: string): RawObject[] => [node(name), lease(name)];

describe('a dead webhook that blocks a CNI pod', () => {
  const selector = { app: 'policy' };
  const refusal =
    'Error creating: Internal error occurred: failed calling webhook "policy.example.test": failed to call webhook: no endpoints available for service "policy"';
  const told = audited({
    objects: [
      ...healthy('k3s1'),
      node('k3s2', {
        ready: 'False',
        since: ago(900),
        heartbeat: ago(10),
        message:
          'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
      }),
      lease('k3s2'),
      object(
        'v1',
        'Service',
        'policy',
        { spec: { selector, ports: [{ port: 443 }] } },
        { namespace: 'policy' },
      ),
      object(
        'discovery.k8s.io/v1',
        'EndpointSlice',
        'policy-1',
        {
          addressType: 'IPv4',
          endpoints: [{ addresses: ['10.42.0.9'], conditions: { ready: false } }],
        },
        { namespace: 'policy', labels: { 'kubernetes.io/service-name': 'policy' } },
      ),
      pod('policy-0', {
        namespace: 'policy',
        labels: selector,
        node: 'k3s1',
        ready: false,
        since: ago(2000),
        status: { startTime: ago(9000) },
      }),
      object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'policy', {
        webhooks: [
          {
            name: 'policy.example.test',
            failurePolicy: 'Fail',
            clientConfig: { service: { namespace: 'policy', name: 'policy' } },
            rules: [{ apiGroups: [''], operations: ['CREATE'], resources: ['pods'] }],
          },
        ],
      }),
      object(
        'apps/v1',
        'DaemonSet',
        'cilium',
        {
          spec: {
            selector: { matchLabels: { app: 'cilium' } },
            template: { spec: { hostNetwork: true, containers: [{ name: 'agent' }] } },
          },
          status: {
            observedGeneration: 1,
            desiredNumberScheduled: 2,
            currentNumberScheduled: 1,
            numberReady: 1,
            numberUnavailable: 1,
          },
        },
        { namespace: 'kube-system', labels: { 'k8s-app': 'cilium' }, metadata: { generation: 1 } },
      ),
      pod('cilium-a', {
        namespace: 'kube-system',
        labels: { app: 'cilium' },
        owner: { kind: 'DaemonSet', name: 'cilium' },
        node: 'k3s1',
      }),
      event('cilium.1', {
        about: { kind: 'DaemonSet', namespace: 'kube-system', name: 'cilium' },
        reason: 'FailedCreate',
        message: refusal,
        first: ago(1500),
        last: ago(30),
        count: 30,
        source: { component: 'daemonset-controller' },
      }),
    ],
  });

  test('the webhook, or what took its endpoints, is the root; the node only follows', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]?.roots).not.toContain('node/not-ready Node/k3s2');
    expect(told.incidents[0]?.chain).toEqual(
      expect.arrayContaining([
        'control-plane/webhook-down ValidatingWebhookConfiguration.admissionregistration.k8s.io/policy → workload/rollout-stuck DaemonSet.apps/kube-system/cilium',
        'workload/rollout-stuck DaemonSet.apps/kube-system/cilium → node/not-ready Node/k3s2',
      ]),
    );
  });
});
