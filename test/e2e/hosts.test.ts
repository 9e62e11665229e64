import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectClear, expectProblem } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, type Ran } from '../support/cli.ts';
import { serveWorld } from '../support/emulated-api.ts';
import { lease, node } from '../support/objects.ts';

/**
 * The command line about machines: this one, one whose port is closed, one that never says a word.
 * What must answer has far more time for it than it takes, however busy this machine is.
 */

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-hosts-'));
const file = join(directory, 'evenkeel.yaml');
/** The same without the one that is waited for in vain. */
const prompt = join(directory, 'prompt.yaml');
let mute: Server;

const answering = `hosts:
  here:
    local: {sudo: false}
  closed:
    ssh: root@127.0.0.1:9
`;

beforeAll(async () => {
  mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const address = mute.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  writeFileSync(file, `${answering}  mute:\n    ssh: root@127.0.0.1:${address.port}\n`);
  writeFileSync(prompt, answering);
});
afterAll(() => {
  mute.close();
  rmSync(directory, { recursive: true, force: true });
});

async function run(line: string, interrupted?: AbortSignal): Promise<Ran> {
  const argv = line.split(' ').filter(Boolean);
  const env = { HOME: directory, PATH: process.env['PATH'] };
  return await evenkeel(argv, { cwd: directory, env, ...(interrupted ? { interrupted } : {}) });
}

describe('host facts', () => {
  test('of this machine: a page of what is seen, and no cluster is needed', async () => {
    const ran = await run('host facts here');
    expectClear(ran);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/^here answered in /);
    expect(ran.stdout).toMatch(/^ {2}machine +.*Linux/m);
  });

  test('of all: those that do not answer are told with the way, and are an exit code', async () => {
    const ran = await run('host facts --all');
    expectClear(ran);
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toMatch(/^closed could not be looked at\n {2}ways +ssh root@127.0.0.1:9: /m);
    expect(ran.stdout).toMatch(/^mute could not be looked at\n {2}ways .*no answer in time/m);
    expect(ran.stdout.replaceAll(/\n {17}/g, ' ')).toContain('ssh -v -p 9 root@127.0.0.1 true');
  }, 40_000);

  test('as data', async () => {
    const { stdout } = await run('host facts here closed --output json');
    const { hosts } = JSON.parse(stdout) as { hosts: { metadata: object; reach: object }[] };
    expect(hosts.map(({ metadata, reach }) => ({ ...metadata, ...reach }))).toMatchObject([
      { name: 'closed', state: 'silent', reason: 'refused' },
      { name: 'here', state: 'answered' },
    ]);
  });

  test('none answers: nothing was observed', async () => {
    expect((await run('host facts closed')).exitCode).toBe(3);
  });
});

describe('host check', () => {
  test('judges what machines alone show', async () => {
    const ran = await run('host check here closed');
    expectClear(ran);
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain('1 of 2 machines answered');
    expect(ran.stdout).toContain('closed');
    expect(ran.stdout).not.toContain('No cluster');
    expect(ran.stdout).not.toContain('no cluster was asked');
  });

  test('that no machine answered is no finding alone', async () => {
    expectProblem(await run('host check closed'), 3, /no machine answered/);
  });
});

describe('mistakes', () => {
  test.each([
    ['host facts her', /has no host her; did you mean here\?/, 'it has: here, closed, mute'],
    ['host facts', /which machines\? None is named/, 'give --all, or some of: here, closed, mute'],
    ['host facts --all --hosts nowhere.yaml', /nowhere\.yaml cannot be read/, 'ls -l'],
    ['host facts here --host-timeout soon', /--host-timeout soon: not a duration/, '60s'],
    ['host facts here --interval 2m --timeout 1m', /--interval is as long as --timeout/, 'longer'],
    ['audit --interval 30s', /--interval is about machines/, '--hosts evenkeel.yaml'],
    ['audit --record-baseline', /--record-baseline is about machines/, '--hosts evenkeel.yaml'],
    ['audit --bundle x.gz --hosts evenkeel.yaml', /exclude each other/, 'leave out --hosts'],
  ])('%s', async (line, message, next) => {
    const ran = await run(line.replace(/--hosts (\S+)/, `--hosts ${directory}/$1`));
    expectProblem(ran, 2, message);
    expect(ran.stderr).toContain(next);
  });

  test('a file without a section, and no file at all', async () => {
    const empty = join(directory, 'empty.yaml');
    writeFileSync(empty, 'audit: {failOn: high}\n');
    expectProblem(await run(`audit --hosts ${empty}`), 2, /has no section hosts/);
    // A second section beside it would make the file invalid.
    writeFileSync(empty, 'hosts: {}\n');
    const bare = await run(`audit --hosts ${empty}`);
    expectProblem(bare, 2, /the section hosts of .* is empty/);
    expect(bare.stderr).not.toContain('>>');
    const elsewhere = mkdtempSync(join(directory, 'elsewhere-'));
    expectProblem(
      await evenkeel(['host', 'facts', '--all'], { cwd: elsewhere }),
      2,
      /there is no evenkeel\.yaml here/,
    );
  });

  test('a section with mistakes in it names all of them', async () => {
    const wrong = join(directory, 'wrong.yaml');
    writeFileSync(wrong, 'hosts:\n  a: {shh: root@192.0.2.1}\n  b: {ssh: 5}\n');
    const ran = await run(`host facts a --hosts ${wrong}`);
    expectProblem(ran, 2, /has 2 mistakes/);
    expect(ran.stderr).toContain('did you mean ssh?');
  });

  test('Ctrl-C in the middle', async () => {
    const stop = new AbortController();
    mute.once('connection', () => stop.abort(new Error('interrupted')));
    const ran = await run('host facts mute', stop.signal);
    expect(ran).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('Interrupted') });
  });
});

describe('with a cluster', () => {
  const objects = [node('here'), lease('here')];

  test('audit looks at both, and a machine that hangs delays it by its own deadline', async () => {
    const api = await serveWorld({ objects });
    try {
      const kubeconfig = kubeconfigFor(api.url, directory);
      const began = performance.now();
      const ran = await run(
        `audit --kubeconfig ${kubeconfig} --hosts ${file} --host-timeout 5s --timeout 2m --output json`,
      );
      const tookMs = performance.now() - began;
      expect(tookMs).toBeGreaterThan(5000);
      expect(tookMs).toBeLessThan(15_000);
      const { hosts } = JSON.parse(ran.stdout) as { hosts: { name: string; answered: boolean }[] };
      expect(hosts.map(({ name, answered }) => [name, answered])).toEqual([
        ['closed', false],
        ['here', true],
        ['mute', false],
      ]);
    } finally {
      await api.close();
    }
  }, 30_000);

  test('a bundle carries the machines, and its audit uses them', async () => {
    const api = await serveWorld({ objects });
    const bundle = join(directory, 'hosts.gz');
    try {
      const kubeconfig = kubeconfigFor(api.url, directory);
      const made = await run(
        `bundle create --kubeconfig ${kubeconfig} --hosts ${prompt} --host-timeout 1m --out ${bundle}`,
      );
      expectClear(made);
    } finally {
      await api.close();
    }
    expect((await run(`bundle inspect ${bundle}`)).stdout).toMatch(
      /^hosts +known +2 +here answered; closed silent$/m,
    );
    const { stdout } = await run(`audit --bundle ${bundle}`);
    expect(stdout).toContain('1 of 2 machines answered');
  }, 30_000);

  test('the API server is out of reach and a machine is not: findings, not nothing', async () => {
    const kubeconfig = kubeconfigFor('http://127.0.0.1:9', directory);
    const ran = await run(`audit --kubeconfig ${kubeconfig} --hosts ${prompt} --host-timeout 1m`);
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain('refuses the connection, while here can be looked at');
    expect((await run(`audit --kubeconfig ${kubeconfig}`)).exitCode).toBe(3);
  }, 30_000);
});

test('a baseline is recorded beside the file, of what is well only, and read again', async () => {
  const ran = await run('host facts here closed --record-baseline');
  const path = join(directory, 'evenkeel.baseline.json');
  expect(ran.stderr).toContain('not recorded of closed: it did not answer');
  if (ran.stderr.includes('not recorded of here')) expect(existsSync(path)).toBe(false);
  else expect(readFileSync(path, 'utf8')).toContain('evenkeel/hosts-baseline/v1');
  writeFileSync(path, 'nonsense');
  expectProblem(await run('host facts here'), 2, /is no baseline of machines/);
  rmSync(path);
});
