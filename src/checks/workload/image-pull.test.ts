import { expect, test } from 'vitest';
import { describeCheck, runOne } from '../../../test/support/cases.ts';
import { event, pod } from '../../../test/support/objects.ts';
import { ago, noon, type RawObject } from '../../../test/support/snapshot.ts';
import type { Facts } from '../../model/finding.ts';
import { check } from './image-pull.ts';

type Fields = { readonly [name: string]: unknown };

const waiting = (reason: string, message?: string): Fields => ({
  name: 'main',
  image: 'ghcr.io/example/web:2',
  ready: false,
  started: false,
  restartCount: 0,
  state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
});
const backOff = 'Back-off pulling image "ghcr.io/example/web:2"';
const notFound =
  'Failed to pull image "ghcr.io/example/web:2": rpc error: code = NotFound desc = failed to pull and unpack image: ghcr.io/example/web:2: not found';
const web = (container: Fields = waiting('ImagePullBackOff', backOff), shape: Fields = {}) =>
  pod('web', {
    node: 'k3s1',
    phase: 'Pending',
    ready: false,
    since: ago(300),
    container,
    ...shape,
  });
const failed = (shape: Fields = {}): RawObject =>
  event('web.1', {
    about: { kind: 'Pod', namespace: 'default', name: 'web' },
    reason: 'Failed',
    message: notFound,
    first: ago(290),
    last: ago(45),
    count: 4,
    ...shape,
  });
const fails = (facts: Facts = {}) => ({
  verdict: 'fail' as const,
  subject: 'Pod/default/web',
  facts: {
    name: 'web',
    namespace: 'default',
    node: 'k3s1',
    container: 'main',
    image: 'ghcr.io/example/web:2',
    why: 'name',
    message: notFound,
    role: 'workload',
    notSeen: [],
    ...facts,
  },
});

describeCheck(check, [
  {
    name: 'silent: a pod that runs, and one whose image is being pulled',
    world: { objects: [pod('calm', { node: 'k3s1' }), web(waiting('ContainerCreating'))] },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: no such image; an older kubelet says so in the event only',
    world: { objects: [web(), failed()] },
    says: [
      {
        verdict: 'fail',
        subject: 'Pod/default/web',
        severity: 'high',
        onset: { from: ago(300), to: ago(290) },
        field: 'status.containerStatuses[main].state.waiting.reason',
        facts: {
          name: 'web',
          namespace: 'default',
          node: 'k3s1',
          container: 'main',
          image: 'ghcr.io/example/web:2',
          why: 'name',
          message: notFound,
          role: 'workload',
          notSeen: [],
        },
      },
    ],
  },
  {
    name: 'silent: a finished pod, and one that is being deleted',
    world: {
      objects: [
        web(waiting('ErrImagePull'), { phase: 'Failed' }),
        web(undefined, { deleted: noon }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: an init container of a network plugin, its reason beside it',
    world: {
      objects: [
        web(waiting('PodInitializing'), {
          owner: { kind: 'DaemonSet', name: 'kube-flannel-ds' },
          initContainerStatuses: [
            {
              ...waiting('ErrImagePull', 'dial tcp: lookup ghcr.io: no such host'),
              name: 'install-cni',
            },
          ],
        }),
      ],
    },
    says: [
      {
        ...fails({
          container: 'install-cni',
          why: 'network',
          message: 'dial tcp: lookup ghcr.io: no such host',
          role: 'network-plugin',
        }),
        field: 'status.initContainerStatuses[install-cni].state.waiting.reason',
        onset: { from: ago(300), to: noon },
      },
    ],
  },
  {
    name: 'fails: events may not be seen, so the reason is not known',
    world: { objects: [web(), failed()], deny: ['events'] },
    says: [
      fails({ why: 'other', message: backOff, notSeen: ['events: not allowed in this test'] }),
    ],
  },
  {
    name: 'fails: events of an earlier pod of its name, and of other things, say nothing of it',
    world: {
      objects: [
        web(),
        failed({ about: { kind: 'Pod', namespace: 'default', name: 'web', uid: 'earlier' } }),
        failed({ message: 'Error: i/o timeout' }),
      ],
    },
    says: [fails({ why: 'other', message: backOff })],
  },
  {
    name: 'fails: the node had the image when the pod was last ready; the attempt is younger',
    world: { objects: [web(undefined, { since: ago(120) }), failed()] },
    says: [{ ...fails(), onset: { from: null, to: ago(290) } }],
  },
  {
    name: 'unknown: pods may not be listed',
    world: { objects: [web()], deny: ['pods'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high' }],
  },
]);

test.each([
  ['name', 'manifest unknown'],
  ['name', 'rpc error: code = NotFound desc = ghcr.io/example/web:2: not found'],
  ['auth', 'unexpected status from HEAD request to https://ghcr.io/v2/: 401 Unauthorized'],
  [
    'auth',
    'pull access denied, repository does not exist or may require authorization: insufficient_scope',
  ],
  ['auth', 'denied: requested access to the resource is denied'],
  ['rate-limit', 'toomanyrequests: You have reached your unauthenticated pull rate limit'],
  ['network', 'failed to authorize: Get "https://ghcr.io/token": dial tcp: i/o timeout'],
  ['network', 'net/http: TLS handshake timeout'],
  ['network', 'Get "https://ghcr.io/v2/": EOF'],
  ['other', 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
])('why is %s: %s', (why, message) => {
  const world = { objects: [web(waiting('ErrImagePull', message))] };
  expect(runOne(check, { name: '', world, says: [] }).said).toMatchObject([{ facts: { why } }]);
});

test('a name that no registry can have', () => {
  const world = {
    objects: [web(waiting('InvalidImageName', 'Failed to apply default image tag'))],
  };
  const [said] = runOne(check, { name: '', world, says: [] }).said;
  expect(said?.facts).toMatchObject({ why: 'name' });
});
