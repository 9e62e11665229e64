import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestAuthority } from '../../src/access/kube/testing/certificates.ts';
import { kubeconfigOf } from '../../src/access/kube/testing/home.ts';
import { documentSchema } from '../../src/report/schema.ts';
import { expectClear, expectProblem, looksLikeSlip } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, type Ran, type RunOptions } from '../support/cli.ts';
import { serveWorld } from '../support/emulated-api.ts';
import { node } from '../support/objects.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-kubeconfigs-'));
let authority: TestAuthority;
beforeAll(() => {
  authority = new TestAuthority();
});
afterAll(() => {
  authority.remove();
  rmSync(directory, { recursive: true, force: true });
});

function file(text: string | Buffer): string {
  const path = join(directory, 'kubeconfig');
  writeFileSync(path, text);
  return path;
}

async function audited(kubeconfig: string, ...more: readonly string[]): Promise<Ran> {
  return await evenkeel(['audit', '--timeout', '5s', '--kubeconfig', kubeconfig, ...more]);
}

/** Nothing listens there, so that nothing but the file decides. */
const nowhere = '{server: "http://127.0.0.1:1"}';

describe('a kubeconfig that cannot be used', () => {
  test('is missing', async () => {
    expectProblem(await audited(join(directory, 'none')), 2, /none: there is no such file/);
  });

  test('is a directory', async () => {
    const path = join(directory, 'directory');
    mkdirSync(path);
    expectProblem(await audited(path), 2, /this is a directory, not a file/);
  });

  test.each([
    ['is empty', '', /empty: no clusters, users or contexts/],
    ['is a list', '- a\n- b\n', /kubeconfig:1:1: this is not a kubeconfig/],
    ['is text', 'hello', /kubeconfig:1:1: this is not a kubeconfig/],
    ['is broken YAML', 'clusters:\n- name: "x\n  y: [\n', /kubeconfig:\d+:\d+: not valid YAML/],
    ['is nested without end', '['.repeat(20_000), /not valid YAML/],
    ['has lists of something else', 'clusters: 5\nusers: {}\n', /clusters must be a list/],
    [
      'has no context',
      'clusters:\n- name: a\n  cluster: {server: "http://x"}\n',
      /there are no con/,
    ],
    ['has no server', kubeconfigOf({ cluster: '{}' }), /cluster 'home', server: is missing/],
    [
      'has a server that is no URL',
      kubeconfigOf({ cluster: '{server: 5}' }),
      /must be text, not a/,
    ],
    ['is binary', Buffer.from([0, 1, 2, 255, 254, 27, 91]), /kubeconfig/],
  ])('%s', async (_, text, what) => {
    expectProblem(await audited(file(text)), 2, what);
  });

  test('has no such context, but one that is spelt almost so', async () => {
    const kubeconfig = file(kubeconfigOf({ name: 'production', cluster: nowhere }));
    const ran = await audited(kubeconfig, '--context', 'prodution');
    expectProblem(ran, 2, /context 'prodution' not found; .*did you mean 'production'\?/);
    expect(ran.stderr).toContain("next: List them with 'kubectl config get-contexts'.");
  });

  test.each([
    [
      'certificate-authority',
      { cluster: '{server: "https://127.0.0.1:1", certificate-authority: ca.crt}' },
    ],
    ['client-certificate', { user: '{client-certificate: me.crt, client-key: me.key}' }],
  ])('names a file that is missing: %s', async (_, fields) => {
    const ran = await audited(file(kubeconfigOf({ cluster: nowhere, ...fields })));
    expectProblem(ran, 2, /kubeconfig:\d+:\d+: .*\.crt: there is no such file/);
  });

  test('names a plugin that is not installed', async () => {
    const exec = '{apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin-anywhere}';
    const user = `{exec: ${exec}}`;
    const ran = await audited(file(kubeconfigOf({ cluster: nowhere, user })));
    // Whether the plugin is there shows when it is asked for a credential.
    expect(ran.stdout).toMatch(/'no-such-plugin-anywhere' is not\s+installed, or not on the PATH/);
    expectClear(ran);
    expect(ran.exitCode).toBe(3);
  });

  test('is not there at all', async () => {
    const options: RunOptions = { env: { HOME: directory } };
    const ran = await evenkeel(['audit'], options);
    expectProblem(ran, 2, /no kubeconfig found; looked at: KUBECONFIG \(not set\), /);
    const none = await evenkeel(['audit'], { env: { HOME: directory, KUBECONFIG: '/none' } });
    expectProblem(none, 2, /KUBECONFIG names \/none, and there is no such file/);
  });
});

describe('a client certificate that has expired', () => {
  test('is named as the cause when the server does not know us', async () => {
    const client = authority.issue('/CN=me', { until: new Date('2026-02-28') });
    const api = await serveWorld({ objects: [node('a')], access: { outcome: 'unauthorized' } });
    try {
      const kubeconfig = kubeconfigFor(api.url, directory, { client });
      const ran = await audited(kubeconfig, '--output', 'json');
      expectClear(ran);
      expect(ran.exitCode).toBe(3);
      const { findings } = documentSchema.parse(JSON.parse(ran.stdout));
      const [credentials, ...others] = findings.filter(({ verdict }) => verdict === 'fail');
      expect(others).toEqual([]);
      expect(credentials).toMatchObject({
        check: 'control-plane/credentials',
        severity: 'critical',
        facts: { why: 'client-certificate-expired' },
      });
    } finally {
      await api.close();
    }
  });

  test('that was cut while copying is refused before anybody is asked', async () => {
    const { certificate, key } = authority.issue('/CN=me');
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const cut = base64(certificate.slice(0, 200));
    const user = `{client-certificate-data: ${cut}, client-key-data: ${base64(key)}}`;
    const ran = await audited(file(kubeconfigOf({ cluster: nowhere, user })));
    expectProblem(ran, 2, /user 'home', client-certificate-data: holds no PEM certificate/);
  });
});

describe('any text as kubeconfig', () => {
  const words = fc.constantFrom(
    'clusters:',
    'users:',
    'contexts:',
    'current-context: home',
    '- name: home',
    '  cluster:',
    '    server: http://127.0.0.1:1',
    '  user: {token: x}',
    '  context: {cluster: home, user: home}',
    '  - ',
    '&a',
    '*a',
    '{',
    '[',
    '"',
    '!!binary x',
    '---',
    '? ',
    '<<: *a',
    '\t',
    '# x',
    'null',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(words, { maxLength: 25 }).map((lines) => lines.join('\n')),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  );

  test('ends clearly, and never with "well"', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        fc.pre(!looksLikeSlip(given));
        const ran = await audited(file(given));
        expectClear(ran);
        // Read, it leads nowhere: 3; otherwise the file is at fault.
        if (ran.exitCode !== 3) expectProblem(ran, 2, /error: /);
      }),
      { numRuns: 150 },
    );
  });
});
