import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { KubeClient } from '../client.ts';
import { KubeFailure } from '../failure.ts';
import { kubeconfigOf, problemOf, TestHome } from '../testing/home.ts';
import { answerJson, TestServer } from '../testing/server.ts';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

const v1 = 'client.authentication.k8s.io/v1';

function withExec(fields: Record<string, unknown>, cluster?: string): void {
  const exec = { apiVersion: v1, command: './plugin', interactiveMode: 'Never', ...fields };
  const user = JSON.stringify({ exec });
  home.write('.kube/config', kubeconfigOf({ user, ...(cluster !== undefined && { cluster }) }));
}

/** A plugin that counts its runs, keeps what it was told, and prints `answer` (`RUN` is its number). */
function plugin(answer: unknown, lastly = ''): void {
  const script = [
    '#!/bin/sh',
    `cd "${home.directory}"`,
    'echo run >> runs',
    'printf "%s" "$KUBERNETES_EXEC_INFO" > info',
    'printf "%s" "$* $EXTRA" > arguments',
    `sed "s/RUN/$(grep -c run runs)/" answer`,
    lastly,
  ].join('\n');
  home.write('.kube/plugin', script, 0o700);
  home.write('answer', typeof answer === 'string' ? answer : JSON.stringify(answer));
}

const runs = (): number => readFileSync(home.path('runs'), 'utf8').trim().split('\n').length;

const answerOf = (status: object, apiVersion = v1): object => ({
  kind: 'ExecCredential',
  apiVersion,
  status,
});

const env = { PATH: process.env['PATH'] };

describe('an exec plugin', () => {
  it('is told what it needs, and its token is used until it expires', async () => {
    let nowMs = Date.parse('2026-01-01T00:00:00Z');
    const clock: Clock = { ...systemClock, now: () => nowMs };
    plugin(answerOf({ token: 'tRUN', expirationTimestamp: '2026-01-01T01:00:00Z' }));
    const extension = '{name: client.authentication.k8s.io/exec, extension: {audience: a}}';
    withExec(
      { args: ['get', '$(id)'], env: [{ name: 'EXTRA', value: 'e' }], provideClusterInfo: true },
      `{server: "https://127.0.0.1:6443", extensions: [${extension}]}`,
    );
    const connection = await home.load({ env, clock });
    const both = await Promise.all([connection.authorization(), connection.authorization()]);
    expect(both).toEqual(['Bearer t1', 'Bearer t1']);
    expect(await connection.identity()).toBeUndefined();
    nowMs += 3_600_000;
    expect(await connection.authorization()).toBe('Bearer t2');
    expect(runs()).toBe(2);
    expect(readFileSync(home.path('arguments'), 'utf8')).toBe('get $(id) e');
    expect(JSON.parse(readFileSync(home.path('info'), 'utf8'))).toEqual({
      kind: 'ExecCredential',
      apiVersion: v1,
      spec: {
        interactive: false,
        cluster: { server: 'https://127.0.0.1:6443', config: { audience: 'a' } },
      },
    });
  });

  it('of the older version answers in it', async () => {
    const v1beta1 = 'client.authentication.k8s.io/v1beta1';
    plugin(answerOf({ clientCertificateData: 'c', clientKeyData: 'k' }, v1beta1));
    withExec({ apiVersion: v1beta1, interactiveMode: undefined });
    const connection = await home.load({ env });
    expect(await connection.authorization()).toBeUndefined();
    const identity = await connection.identity();
    expect(identity?.certificate).toBe('c');
    expect(await connection.identity()).toBe(identity);
  });

  it('is asked again when the server says 401', async () => {
    plugin(answerOf({ token: 'tRUN' }));
    const server = await TestServer.start((request, response) => {
      const isGood = request.headers.authorization === 'Bearer t2';
      answerJson(response, { isGood }, isGood ? 200 : 401);
    });
    withExec({}, `{server: "${server.url()}"}`);
    const client = new KubeClient(await home.load({ env }), { version: '0' });
    const signal = AbortSignal.timeout(10_000);
    expect(await client.get('/version', { signal })).toEqual({ isGood: true });
    expect(runs()).toBe(2);
    client.close();
    await server.stop();
  });

  it('runs nothing until it is needed', async () => {
    withExec({ command: 'no-such-plugin' });
    await home.load({ env });
  });
});

describe('an exec plugin that fails', () => {
  async function fault(): Promise<{ message: string; next: string; shown: string }> {
    const problem = await problemOf((await home.load({ env })).authorization());
    const { message, next } = problem;
    return { message, next, shown: inspect(problem, { depth: 9 }) };
  }

  it('is not installed: gives its hint', async () => {
    withExec({ command: 'no-such-plugin', installHint: 'brew install\nno-such-plugin' });
    const { message, next } = await fault();
    expect(message).toContain("'no-such-plugin' is not installed");
    expect(next).toBe('brew install no-such-plugin');
    withExec({ command: 'no-such-plugin' });
    expect((await fault()).next).toContain('command -v no-such-plugin');
  });

  it.each<[string, unknown]>([
    ['printed nothing', ''],
    ['printed what is not JSON', 'hunter2'],
    ['not an ExecCredential', { token: 'hunter2' }],
    [
      'in another apiVersion',
      answerOf({ token: 'hunter2' }, 'client.authentication.k8s.io/v1beta1'),
    ],
    ['without a status', { kind: 'ExecCredential', apiVersion: v1 }],
    ['neither a token nor', answerOf({})],
    ['without its key', answerOf({ clientCertificateData: 'hunter2' })],
    ['not a date', answerOf({ token: 'hunter2', expirationTimestamp: 'soon' })],
    ['cannot be sent', answerOf({ token: 'hunter2 two' })],
  ])('%s', async (what, answer) => {
    plugin(answer);
    withExec({});
    const { message, shown } = await fault();
    expect(message).toContain(what);
    expect(shown).not.toContain('hunter2');
  });

  it('ends badly: repeats its complaint, not what it printed, nor what looks like a token', async () => {
    const opaque = 'abcdefgh'.repeat(6);
    plugin('hunter2', `echo "please log in, ${opaque}" >&2; exit 3`);
    withExec({ args: ['--password', 'hunter3'] });
    const { message, shown } = await fault();
    expect(message).toContain('ended with code 3 and said: please log in, [redacted]');
    expect(shown).not.toMatch(new RegExp(`hunter|${opaque}`));
  });

  it('becomes a failure of the call that needed it', async () => {
    withExec({ command: 'no-such-plugin', installHint: 'install it' });
    const client = new KubeClient(await home.load({ env }), { version: '0' });
    const signal = AbortSignal.timeout(10_000);
    const failure: unknown = await client
      .get('/version', { signal })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KubeFailure);
    expect(failure).toMatchObject({ kind: 'unauthorized', next: 'install it' });
  });

  it.each([
    [{ apiVersion: 'client.authentication.k8s.io/v1alpha1' }, 'is not supported'],
    [{ command: '' }, 'command: is missing'],
    [{ args: [7] }, 'args: holds something that is not text'],
    [{ env: ['A=b'] }, 'env: must be a list of name and value'],
    [{ env: [{ name: 'A=', value: 'b' }] }, 'env: holds a name that cannot be'],
    [{ interactiveMode: 'Always' }, 'gives it no terminal'],
    [{ interactiveMode: 'Sometimes' }, 'must be Never, IfAvailable or Always'],
  ])('is written wrongly: %j', async (fields, what) => {
    withExec(fields);
    expect((await home.problem()).message).toContain(what);
  });
});
