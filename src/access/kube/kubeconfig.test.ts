import { mkdirSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Pair, TestAuthority } from './testing/certificates.ts';
import { kubeconfigOf, TestHome } from './testing/home.ts';

let home: TestHome;
let authority: TestAuthority;
let pair: Pair;

beforeAll(() => {
  authority = new TestAuthority();
  pair = authority.issue('/O=system:masters/CN=system:admin');
});
afterAll(() => authority.remove());
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

const server = (number: number): string => `{server: "https://127.0.0.1:${number}"}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('which file', () => {
  it('is the one named, then KUBECONFIG, then the one at home, then that of k3s', async () => {
    const named = home.write('named', kubeconfigOf({ cluster: server(1) }));
    const listed = home.write('listed', kubeconfigOf({ cluster: server(2) }));
    const env = { KUBECONFIG: listed };
    home.write('etc/rancher/k3s/k3s.yaml', kubeconfigOf({ cluster: server(4) }));
    expect((await home.load()).server).toBe('https://127.0.0.1:4');
    home.write('.kube/config', kubeconfigOf({ cluster: server(3) }));
    expect((await home.load()).server).toBe('https://127.0.0.1:3');
    expect((await home.load({ env })).server).toBe('https://127.0.0.1:2');
    expect((await home.load({ env, kubeconfig: named })).server).toBe('https://127.0.0.1:1');
  });

  it('is none: says where it looked', async () => {
    const problem = await home.problem();
    expect(problem.message).toContain(home.path('.kube', 'config'));
    expect(problem.message).toContain('k3s.yaml');
    expect(problem.next).toContain('ssh SERVER');
  });

  it('is named and missing', async () => {
    const problem = await home.problem({ kubeconfig: home.path('nowhere') });
    expect(problem.message).toBe(`${home.path('nowhere')}: there is no such file`);
  });

  it('is a directory', async () => {
    mkdirSync(home.path('.kube', 'config'), { recursive: true });
    expect((await home.problem()).message).toContain('this is a directory');
  });

  it.each(['', '\n\n', '# nothing\n', '{}', 'apiVersion: v1'])('is empty: %j', async (text) => {
    home.write('.kube/config', text);
    expect((await home.problem()).message).toContain('empty');
  });

  it('is larger than any kubeconfig', async () => {
    home.write('.kube/config', ' '.repeat(4 * 1024 * 1024 + 1));
    expect((await home.problem()).message).toContain('larger than');
  });
});

describe('several files', () => {
  it('are one: the first wins per name and for the current context', async () => {
    const first = kubeconfigOf({ name: 'a', cluster: server(1) });
    const second = [kubeconfigOf({ name: 'b', cluster: server(2) })].join('');
    const third = kubeconfigOf({ name: 'a', cluster: server(3) });
    const files = [first, second, third].map((text, index) => home.write(`f${index}`, text));
    const env = { KUBECONFIG: ['', home.path('missing'), ...files].join(':') };
    const current = await home.load({ env });
    expect(current).toMatchObject({ context: 'a', server: 'https://127.0.0.1:1' });
    expect(current.source).toBe(files.join(':'));
    expect((await home.load({ env, context: 'b' })).server).toBe('https://127.0.0.1:2');
  });

  it('may each hold a part', async () => {
    const contexts = 'current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]';
    const clusters = 'clusters: [{name: c, cluster: {server: "https://h:1/"}}]';
    const users = 'users: [{name: u, user: {username: me, password: pw}}]';
    const files = [contexts, clusters, '', users].map((text, at) => home.write(`f${at}`, text));
    const connection = await home.load({ env: { KUBECONFIG: files.join(':') } });
    expect(connection).toMatchObject({ server: 'https://h:1', user: 'u' });
    expect(await connection.authorization()).toBe(`Basic ${base64('me:pw')}`);
  });

  it('read relative paths from where they are written', async () => {
    home.write('there/ca.crt', authority.certificate);
    const text = kubeconfigOf({ cluster: '{server: "https://h", certificate-authority: ca.crt}' });
    const file = home.write('there/config', text);
    expect((await home.load({ env: { KUBECONFIG: file } })).ca).toBe(authority.certificate);
  });

  it('are a problem when none exists', async () => {
    const KUBECONFIG = `${home.path('a')}:${home.path('b')}`;
    expect((await home.problem({ env: { KUBECONFIG } })).message).toContain('no such file');
    const tilde = await home.problem({ env: { KUBECONFIG: '~/.kube/config' } });
    expect(tilde.next).toContain('$HOME');
  });
});

describe('the context', () => {
  const two = 'contexts: [{name: default, context: {cluster: c}}, {name: staging, context: {}}]';

  it('is not there: names those that are, and the one that was meant', async () => {
    const file = home.write('.kube/config', two);
    const problem = await home.problem({ context: 'defualt' });
    expect(problem.message).toBe(
      `${file}: context 'defualt' not found; there are: default, staging; did you mean 'default'?`,
    );
    expect(problem.next).toContain('kubectl config get-contexts');
  });

  it('is not chosen', async () => {
    home.write('.kube/config', two);
    expect((await home.problem()).next).toContain("'--context default'");
  });

  it('names a cluster that is not there: says where', async () => {
    const file = home.write('.kube/config', `\n${two}`);
    const problem = await home.problem({ context: 'default' });
    expect(problem).toMatchObject({ file, line: 2, column: 47 });
    expect(problem.message).toContain("cluster 'c' not found; there are none");
  });

  it('names no cluster, or a user that is not there', async () => {
    home.write('.kube/config', two);
    expect((await home.problem({ context: 'staging' })).message).toContain('cluster: is missing');
    home.write('.kube/config', kubeconfigOf({ context: '{cluster: home, user: hom}' }));
    expect((await home.problem()).message).toContain("did you mean 'home'?");
  });

  it('may have no user', async () => {
    home.write('.kube/config', kubeconfigOf({ context: '{cluster: home}' }));
    const connection = await home.load();
    expect(connection.user).toBe('');
    expect(connection.namespace).toBeUndefined();
    expect(await connection.authorization()).toBeUndefined();
    expect(await connection.identity()).toBeUndefined();
    expect(connection.renew()).toBe(false);
  });
});

describe('what is not YAML', () => {
  it.each([
    ['a: [1, 2\nb: "x', 'not valid YAML'],
    ['users:\n\t- name: x', 'a tab is used to indent'],
    ['a: 1\na: 2', 'the same key stands twice'],
    ['a: 1\n---\nb: 2', "a '---' is too many"],
    ['just words', 'this is not a kubeconfig'],
    ['- a\n- b', 'this is not a kubeconfig'],
    ['clusters: {}', 'clusters must be a list'],
    ['clusters: [7]', 'must be a mapping with a name'],
    ['users: [{name: x, user: secret}]', "user 'x': must be a mapping"],
    ['current-context: 7\nusers: []', 'current-context must be text'],
  ])('%j', async (text, what) => {
    const file = home.write('.kube/config', text);
    const problem = await home.problem();
    expect(problem.message).toContain(what);
    expect(problem.message).toMatch(new RegExp(`^${file}:\\d+:\\d+: `));
  });

  it('is not quoted: it may be a key', async () => {
    home.write('.kube/config', 'users:\n- name: x\n  user: {token: "hunter2\n');
    const problem = await home.problem();
    expect(inspect(problem, { depth: 9 })).not.toContain('hunter2');
  });

  it('points at nothing', async () => {
    home.write('.kube/config', 'a: *nobody');
    expect((await home.problem()).message).toContain('an alias (*) points at nothing');
  });

  it('does not grow without end', async () => {
    const rows = Array.from(
      { length: 12 },
      (_, row) => `a${row + 1}: &a${row + 1} [${`*a${row},`.repeat(9)}]`,
    );
    home.write('.kube/config', ['a0: &a0 [x]', ...rows].join('\n'));
    expect((await home.problem()).message).toContain('too much');
  });
});

describe('a connection', () => {
  it('shows no secret, however it is printed', async () => {
    const token = 'hunter2-token';
    const fields = `{token: ${token}, client-certificate-data: ${base64(pair.certificate)}, client-key-data: ${base64(pair.key)}}`;
    home.write('.kube/config', kubeconfigOf({ user: fields }));
    const connection = await home.load();
    const identity = await connection.identity();
    const shown = [
      inspect(connection, { depth: 9, showHidden: true }),
      JSON.stringify(connection),
      inspect(identity, { depth: 9 }),
      JSON.stringify(identity),
    ].join('');
    expect(shown).not.toContain(token);
    expect(shown).not.toContain(pair.key.split('\n')[1]);
    expect(await connection.authorization()).toBe(`Bearer ${token}`);
  });
});
