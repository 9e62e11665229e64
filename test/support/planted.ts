import { expect } from 'vitest';
import { event, lease, metadataOf, node, object, pod } from './objects.ts';
import { ago, type RawObject, type World } from './snapshot.ts';
import { storageClass, volume } from './storage.ts';

/** Every value that was planted, in the order of planting. */
export const planted: string[] = [];

/** A secret that no other text holds by chance. */
function secret(): string {
  const value = `zebra${planted.length}-stripes-${planted.length * 7}`;
  planted.push(value);
  return value;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** None of them, neither plain nor as base64 nor as hexadecimal digits. */
export function expectNone(text: string, where: string): void {
  for (const value of planted) {
    for (const form of [
      value,
      base64(value).replace(/=+$/, ''),
      Buffer.from(value).toString('hex'),
    ]) {
      expect(text.includes(form), `${value} in ${where}`).toBe(false);
    }
  }
}

/** What kubectl apply leaves behind: the whole object once more, in an annotation. */
function applied(body: object): { [key: string]: string } {
  return { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(body) };
}

/** What programs write about themselves, each with a secret in it. */
function confessions(): string[] {
  return [
    `no such host: postgres://app:${secret()}@db:5432/app`,
    `login failed with password=${secret()}`,
    `{"level":"error","token":"${secret()}","msg":"no such host"}`,
    `> Authorization: Bearer ${secret()}abcdefghijklmnop`,
    `started with --api-key ${secret()} --verbose`,
    `AWS_SECRET_ACCESS_KEY=${secret()}`,
  ];
}

/** A cluster that goes wrong in as many words as it has, with a secret wherever one may stand. */
export function plantedWorld(): World {
  const about = { kind: 'Pod', namespace: 'vault', name: 'vault-0' };
  const complaints = confessions().map((message, at) =>
    event(`e${at}`, {
      about,
      reason: 'FailedMount',
      message: `MountVolume.SetUp failed: ${message}`,
    }),
  );
  return {
    objects: [
      ...secretObjects(),
      ...configMaps(),
      ...complaints,
      node('a', { annotations: applied({ password: secret() }), message: `password: ${secret()}` }),
      lease('a'),
      crashing(),
      deployment(),
      storageClass('fast', { annotations: applied({ key: secret() }) }),
      volume('v', { spec: { csi: { driver: 'd', volumeAttributes: { password: secret() } } } }),
    ],
    logs: { 'vault/vault-0/main': confessions() },
    summaries: { a: { node: { fs: {}, env: secret() } } },
  };
}

function secretObjects(): RawObject[] {
  const value = secret();
  const data = { password: base64(value), 'tls.key': base64(secret()) };
  const stringData = { password: secret() };
  const annotations = { ...applied({ data, stringData }), 'example.com/password': secret() };
  const fields = { type: 'Opaque', data, stringData };
  return [
    object('v1', 'Secret', 'vault', fields, { namespace: 'vault', annotations }),
    object(
      'v1',
      'Secret',
      'sh.helm.release.v1.x',
      { data: { release: base64(secret()) } },
      { namespace: 'vault' },
    ),
  ];
}

function configMaps(): RawObject[] {
  const of = (name: string, data: object): RawObject =>
    object(
      'v1',
      'ConfigMap',
      name,
      { data },
      { namespace: 'vault', annotations: applied({ data }) },
    );
  return [
    of('grafana', { 'grafana.ini': `[security]\nadmin_password = ${secret()}` }),
    of('argocd-cm', { 'oidc.config': `clientSecret: ${secret()}` }),
    of('oauth2-proxy', { 'oauth2_proxy.cfg': `cookie_secret = "${secret()}"` }),
    of('coredns', { Corefile: `tls_servername ${secret()}` }),
  ];
}

/** Says secrets in its spec, in its annotations, and in what its kubelet repeats of it. */
function crashing(): RawObject {
  const env = [
    { name: 'PASSWORD', value: secret() },
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'vault', key: secret() } } },
  ];
  const container = {
    name: 'main',
    image: 'app:1',
    env,
    args: ['--token', secret()],
    command: [secret()],
  };
  const initContainers = [{ ...container, name: 'init', env: [{ name: 'A', value: secret() }] }];
  const spec = { containers: [container], initContainers };
  return pod('vault-0', {
    namespace: 'vault',
    node: 'a',
    ready: false,
    since: ago(3600),
    annotations: { ...applied({ spec, more: secret() }), 'vault.example.com/token': secret() },
    message: `error: password=${secret()}`,
    spec,
    container: {
      state: { waiting: { reason: 'CrashLoopBackOff', message: `token: ${secret()}` } },
      lastState: {
        terminated: {
          exitCode: 1,
          reason: 'Error',
          message: confessions().join('\n'),
          finishedAt: ago(60),
        },
      },
      restartCount: 12,
    },
  });
}

function deployment(): RawObject {
  const env = [{ name: 'PASSWORD', value: secret() }];
  const template = {
    metadata: { annotations: { 'checksum/secret': secret() } },
    spec: { containers: [{ name: 'main', env, args: [`--secret=${secret()}`] }] },
  };
  const condition = {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: `pods "x" is forbidden: password=${secret()}`,
    lastTransitionTime: ago(3600),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf('vault', { namespace: 'vault', annotations: applied({ template }) }),
    spec: { replicas: 1, template },
    status: { replicas: 1, unavailableReplicas: 1, conditions: [condition] },
  };
}
