import { type CheckCase, describeCheck, type Said } from '../../../test/support/cases.ts';
import { object, pod } from '../../../test/support/objects.ts';
import { ago, noon, type RawObject, type World } from '../../../test/support/snapshot.ts';
import { check } from './webhook-down.ts';

const group = 'admissionregistration.k8s.io/v1';
const service = { namespace: 'policy', name: 'policy-webhook', path: '/validate', port: 443 };
const podRules = [
  { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
];

interface Shape {
  readonly kind?: 'Validating' | 'Mutating';
  readonly created?: string;
  readonly failurePolicy?: string | undefined;
  readonly clientConfig?: object;
  readonly rules?: readonly object[];
}

function webhook(name: string, shape: Shape = {}): object {
  return {
    name,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    clientConfig: shape.clientConfig ?? { caBundle: 'AAAA', service },
    rules: shape.rules ?? podRules,
    ...('failurePolicy' in shape ? {} : { failurePolicy: 'Fail' }),
    ...(shape.failurePolicy === undefined ? {} : { failurePolicy: shape.failurePolicy }),
  };
}

function configuration(shape: Shape = {}): RawObject {
  const kind = `${shape.kind ?? 'Validating'}WebhookConfiguration`;
  const created = shape.created ?? ago(3600);
  return object(
    group,
    kind,
    'policy',
    { webhooks: [webhook('pods.policy.io', shape)] },
    { created },
  );
}

function definition(created: string = ago(3600)): RawObject {
  const fields = {
    spec: {
      group: 'policy.io',
      names: { kind: 'Rule', plural: 'rules' },
      conversion: {
        strategy: 'Webhook',
        webhook: { conversionReviewVersions: ['v1'], clientConfig: { service } },
      },
    },
  };
  return object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'rules.policy.io', fields, {
    created,
  });
}

const plainDefinition = object(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'helmcharts.helm.cattle.io',
  { spec: { group: 'helm.cattle.io', conversion: { strategy: 'None' } } },
);

const labels = { app: 'policy' };
const inPolicy = { namespace: 'policy' };

function policyService(fields: object = {}, created: string = ago(3600)): RawObject {
  const spec = { type: 'ClusterIP', clusterIP: '10.43.0.9', selector: labels, ports: [] };
  return object(
    'v1',
    'Service',
    service.name,
    { spec: { ...spec, ...fields } },
    { ...inPolicy, created },
  );
}

function slice(ready: boolean | undefined): RawObject {
  const fields = {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.42.0.9'], conditions: ready === undefined ? {} : { ready } }],
    ports: [{ port: 9443 }],
  };
  const owner = { 'kubernetes.io/service-name': service.name };
  return object('discovery.k8s.io/v1', 'EndpointSlice', `${service.name}-x7k2p`, fields, {
    ...inPolicy,
    labels: owner,
  });
}

function policyPod(name: string, shape: Parameters<typeof pod>[1]): RawObject {
  return pod(name, { ...inPolicy, labels, ...shape });
}

const down = [policyService(), slice(false)];
const subject = 'ValidatingWebhookConfiguration.admissionregistration.k8s.io/policy';
const crash = policyPod('policy-0', { ready: false, since: ago(600), created: ago(3600) });
const mutating = 'MutatingWebhookConfiguration.admissionregistration.k8s.io/policy';
const facts = {
  name: 'policy',
  why: 'no-ready-endpoint',
  webhook: ['pods.policy.io'],
  webhookKind: 'validating',
  service: 'policy-webhook',
  serviceNamespace: 'policy',
  resources: ['pods'],
  guardsNodes: false,
  guardsLeases: false,
  notSeen: [],
} as const;
const nodeRule = { apiGroups: [''], operations: ['UPDATE'], resources: ['nodes'] };

type Objects = readonly RawObject[];
type Rest = Omit<World, 'objects'>;

function silent(name: string, objects: Objects, judged = 1): CheckCase {
  return { name: `silent: ${name}`, world: { objects }, says: [], judged };
}

function fails(
  name: string,
  objects: Objects,
  said: Partial<Said> = {},
  rest: Rest = {},
): CheckCase {
  const says = [{ verdict: 'fail' as const, subject, severity: 'critical' as const, ...said }];
  return { name: `fails: ${name}`, world: { objects, ...rest }, says };
}

/** A configuration with this one rule is down: what it is said to guard. */
function guarding(rule: object, guarded: object): CheckCase {
  return fails(`the rule ${JSON.stringify(rule)}`, [configuration({ rules: [rule] }), ...down], {
    facts: { ...facts, ...guarded },
  });
}

function unknown(name: string, of: string, reason: string, rest: Rest, judged = 0): CheckCase {
  const says = [
    { verdict: 'unknown', subject: of, severity: 'critical', facts: { reason } },
  ] as const;
  const objects = [configuration(), policyService(), slice(of !== subject)];
  return { name: `unknown: ${name}`, world: { objects, ...rest }, says, judged };
}

const gone = { clientConfig: { service: { ...service, name: 'gone' } } };

describeCheck(check, [
  silent(
    'it answers; others fail open, guard nothing, or answer outside the cluster',
    [
      configuration(),
      definition(),
      plainDefinition,
      ...(['Validating', 'Mutating'] as const).map((kind) =>
        object(group, `${kind}WebhookConfiguration`, 'others', {
          webhooks: [
            webhook('open', { ...gone, failurePolicy: 'Ignore' }),
            webhook('idle', { ...gone, rules: [] }),
            webhook('outside', { clientConfig: { url: 'https://192.168.10.5/hook' } }),
          ],
        }),
      ),
      policyService(),
      slice(true),
    ],
    2,
  ),
  silent('an endpoint that does not say whether it is ready counts as ready', [
    configuration(),
    policyService(),
    slice(undefined),
  ]),
  silent('its Service is a name outside the cluster', [
    configuration(),
    policyService({ type: 'ExternalName' }),
  ]),
  fails('its only pod has not been ready for ten minutes', [configuration(), ...down, crash], {
    onset: { from: null, to: ago(600) },
    field: 'endpoints[].conditions.ready',
    facts: { ...facts, forMs: 600_000 },
  }),
  fails(
    'no pod at all, so nobody knows since when; failing closed is the default',
    [configuration({ kind: 'Mutating', failurePolicy: undefined }), policyService()],
    {
      subject: mutating,
      onset: { from: null, to: noon },
      facts: { ...facts, webhookKind: 'mutating' },
    },
  ),
  fails('its Service does not exist', [configuration()], {
    field: 'metadata.name',
    facts: { ...facts, why: 'service-missing' },
  }),
  fails('a conversion of custom resources', [definition(), ...down], {
    subject: 'CustomResourceDefinition.apiextensions.k8s.io/rules.policy.io',
    facts: {
      ...facts,
      name: 'rules.policy.io',
      webhook: ['rules.policy.io'],
      webhookKind: 'conversion',
      resources: ['rules.policy.io'],
    },
  }),
  fails(
    'its pod is ready, and yet nobody lists it',
    [configuration(), ...down, policyPod('policy-0', { since: ago(120) })],
    { onset: { from: null, to: noon }, facts },
  ),
  silent(
    'configurations of 119 s may still be rolled out',
    [
      configuration({ created: ago(119) }),
      configuration({ kind: 'Mutating', created: ago(119) }),
      definition(ago(119)),
      ...down,
    ],
    3,
  ),
  fails('after 120 s it must answer', [configuration({ created: ago(120) }), ...down]),
  fails(
    'it was set up in front of pods that were not ready',
    [configuration({ created: ago(300) }), ...down, crash],
    { onset: { from: null, to: ago(300) } },
  ),
  silent('its Service was made 119 s ago', [configuration(), policyService({}, ago(119))]),
  silent('its pod became unready 119 s ago', [
    configuration(),
    ...down,
    policyPod('policy-0', { ready: false, since: ago(119), created: ago(3600) }),
  ]),
  silent('the newest of its pods was made 119 s ago and no kubelet has spoken of it', [
    configuration(),
    ...down,
    crash,
    policyPod('policy-1', { created: ago(119), conditions: [], ready: false }),
  ]),
  fails('other pods than those that the Service selects do not matter', [
    configuration(),
    ...down,
    crash,
    policyPod('other', { labels: { app: 'other' }, since: ago(10) }),
  ]),
  fails(
    'a mutating webhook that stands before updates of nodes',
    [configuration({ kind: 'Mutating', rules: [nodeRule] }), ...down],
    {
      subject: mutating,
      facts: { ...facts, webhookKind: 'mutating', resources: ['nodes'], guardsNodes: true },
    },
  ),
  guarding(nodeRule, { resources: ['nodes'], guardsNodes: true }),
  guarding({ ...nodeRule, operations: ['CREATE', 'DELETE'] }, { resources: ['nodes'] }),
  guarding({ ...nodeRule, apiGroups: ['apps'], resources: ['*'] }, { resources: ['*.apps'] }),
  guarding({ ...nodeRule, resources: ['nodes/*'] }, { resources: ['nodes/*'], guardsNodes: true }),
  guarding(
    { apiGroups: ['*'], operations: ['*'], resources: ['*/*'] },
    { resources: ['*/*.*'], guardsNodes: true, guardsLeases: true },
  ),
  guarding(
    { apiGroups: ['coordination.k8s.io'], operations: ['UPDATE'], resources: ['leases', '*'] },
    { resources: ['*.coordination.k8s.io', 'leases.coordination.k8s.io'], guardsLeases: true },
  ),
  fails(
    'pods may not be listed, and it says so',
    [configuration(), ...down, crash],
    {
      onset: { from: null, to: noon },
      facts: { ...facts, notSeen: ['pods: not allowed in this test'] },
    },
    { deny: ['pods'] },
  ),
  unknown(
    'conversions may not be listed',
    'Cluster/conversion-webhooks',
    'forbidden',
    { deny: ['customresourcedefinitions'] },
    2,
  ),
  unknown(
    'its Service lies in a namespace that was not looked at',
    subject,
    'not-collected',
    { namespaces: ['default'] },
    1,
  ),
  unknown('Services may not be listed', '', 'forbidden', { deny: ['services'] }),
  unknown('endpoints may not be listed', '', 'forbidden', { deny: ['endpointslices'] }),
]);
