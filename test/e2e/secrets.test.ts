import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestAuthority } from '../../src/access/kube/testing/certificates.ts';
import { evenkeel, kubeconfigFor, type Ran } from '../support/cli.ts';
import { json, status } from '../support/emulated-answers.ts';
import { serveWorld } from '../support/emulated-api.ts';
import { expectNone, planted, plantedWorld } from '../support/planted.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-secrets-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('no secret of the cluster leaves it', () => {
  const requests: string[] = [];
  const outputs = new Map<string, string>();

  beforeAll(async () => {
    const api = await serveWorld(plantedWorld(), {
      instead: (url, _response, { headers }) => {
        requests.push(`${url.pathname} ${headers.accept}`);
        return false;
      },
    });
    const kubeconfig = ['--kubeconfig', kubeconfigFor(api.url, directory)];
    const keep = (name: string, ran: Ran): void => {
      outputs.set(name, ran.stdout);
      outputs.set(`${name}, stderr`, ran.stderr);
    };
    const run = (...argv: readonly string[]): Promise<Ran> =>
      evenkeel([...argv, ...kubeconfig], { clock: api.clock, cwd: directory });
    try {
      const file = join(directory, 'made.gz');
      keep('bundle create', await run('bundle', 'create', '--out', file));
      outputs.set('the bundle', gunzipSync(readFileSync(file)).toString('utf8'));
      keep('bundle inspect', await evenkeel(['bundle', 'inspect', file, '--output', 'json']));
      for (const output of ['text', 'markdown', 'json']) {
        keep(`audit ${output}`, await run('audit', '--output', output));
      }
      const report = join(directory, 'report.json');
      await run('audit', '--output', 'json', '--out', report);
      outputs.set('a written report', readFileSync(report, 'utf8'));
      const { findings, incidents } = JSON.parse(
        outputs.get('written') ?? readFileSync(report, 'utf8'),
      ) as {
        findings: { id: string }[];
        incidents: { id: string }[];
      };
      for (const { id } of [...findings, ...incidents]) {
        keep(`explain ${id}`, await evenkeel(['explain', id, '--report', report]));
      }
      keep('doctor', await run('doctor'));
    } finally {
      await api.close();
    }
  });

  test('what was planted was there to be found', () => {
    expect(planted.length).toBeGreaterThan(30);
    const bundle = outputs.get('the bundle') ?? '';
    // The objects themselves were recorded, and what is said in the open.
    for (const word of ['vault', 'CrashLoopBackOff', 'FailedMount', 'no such host']) {
      expect(bundle).toContain(word);
    }
    expect(outputs.get('audit json')).toContain('workload/crash-loop');
  });

  test('neither a bundle nor a report nor a word on the way holds any of it', () => {
    for (const [name, text] of outputs) expectNone(text, name);
  });

  test('values of Secrets are not asked for, nor ConfigMaps at all', () => {
    const secrets = requests.filter((each) => each.includes('/secrets'));
    expect(secrets.length).toBeGreaterThan(0);
    for (const each of secrets) expect(each).toContain('as=Table');
    expect(requests.filter((each) => /configmaps/.test(each))).toEqual([]);
  });
});

describe('no secret of the kubeconfig is ever shown', () => {
  const token = 'kubeconfig-token-zebra';
  let authority: TestAuthority;
  let key: string;

  beforeAll(() => {
    authority = new TestAuthority();
    key = authority.issue('/CN=me').key;
  });
  afterAll(() => authority.remove());

  function expectHidden({ stdout, stderr }: Ran): void {
    const lines = key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'));
    const secrets = [token, ...lines, Buffer.from(key).toString('base64')];
    for (const text of [stdout, stderr]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(token).toString('base64'));
    }
  }

  const commands = [
    'audit',
    'audit --output json',
    'audit --output markdown',
    'doctor',
    'doctor --output json',
    'bundle create',
  ];

  test.each(commands)('not by %s, whatever the server says', async (command) => {
    for (const code of [200, 401, 403, 500]) {
      const api = await serveWorld(
        { objects: [] },
        {
          // Some proxies answer with what they were asked.
          instead: (_url, response, { headers }) => {
            if (code === 200) json(response, { asked: headers });
            else status(response, code, 'Odd', `who sent ${headers.authorization}, or ${token}?`);
            return true;
          },
        },
      );
      const kubeconfig = kubeconfigFor(api.url, directory, { token });
      const options = { clock: api.clock, cwd: directory };
      try {
        const argv = [...command.split(' '), '--kubeconfig', kubeconfig];
        expectHidden(await evenkeel(argv, options));
      } finally {
        await api.close();
      }
    }
  });

  test('not when the kubeconfig itself is broken', async () => {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const users = [
      `{token: "${token}`,
      `{token: [${token}]}`,
      `{token: "${token}\\n"}`,
      `{username: me, password: {a: ${token}}}`,
      `{client-key-data: ${base64(key)}}`,
      `{client-certificate-data: ${base64(key)}, client-key-data: ${base64(key)}}`,
      `{client-certificate-data: ${base64(authority.certificate)}, client-key-data: ${base64(key)}}`,
      `{exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, args: [-c, "echo ${token}; exit 1"]}}`,
      `{exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, args: [-c, "echo token=${token} >&2; exit 1"]}}`,
      `{exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, env: [{name: ${token}}]}}`,
      `{tokenFile: ${join(directory, 'none')}, token: "${token} "}`,
      `{auth-provider: {name: gcp, config: {access-token: ${token}}}}`,
    ];
    for (const user of users) {
      const file = join(directory, 'broken');
      writeFileSync(
        file,
        `current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]\nusers:\n- name: u\n  user: ${user}\n`,
      );
      for (const command of commands) {
        const argv = [...command.split(' '), '--kubeconfig', file, '--timeout', '5s'];
        const ran = await evenkeel(argv, { env: { PATH: '/bin:/usr/bin' }, cwd: directory });
        expect([2, 3]).toContain(ran.exitCode);
        expectHidden(ran);
      }
    }
  });

  test('not where the server is written with a password', async () => {
    const kubeconfig = kubeconfigFor(`http://me:${token}@127.0.0.1:1`, directory);
    const ran = await evenkeel(['audit', '--kubeconfig', kubeconfig]);
    expect(ran.exitCode).toBe(2);
    expectHidden(ran);
  });
});
