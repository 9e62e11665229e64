import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectClear, expectProblem } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, type Ran } from '../support/cli.ts';
import { type EmulatedApi, serveWorld } from '../support/emulated-api.ts';
import { lease, node } from '../support/objects.ts';

const root = join(import.meta.dirname, '../..');
const bin = mkdtempSync(join(tmpdir(), 'evenkeel-discover-'));
let api: EmulatedApi;
let kubeconfig: string;
let directory: string;

beforeAll(async () => {
  api = await serveWorld({ objects: [node('here'), lease('here'), node('k3s9')] });
  kubeconfig = kubeconfigFor(api.url, bin);
  const program = `exec '${root}/node_modules/.bin/node' '${root}/src/cli/bin.ts' "$@"`;
  writeFileSync(join(bin, 'evenkeel'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
});
afterAll(async () => {
  await api.close();
  rmSync(bin, { recursive: true, force: true });
});
beforeEach(() => {
  directory = mkdtempSync(join(bin, 'place-'));
});

const file = (): string => join(directory, 'evenkeel.yaml');

async function run(line: string): Promise<Ran> {
  const env = { HOME: bin, PATH: process.env['PATH'], KUBECONFIG: kubeconfig };
  return await evenkeel(line.split(' '), { cwd: directory, env });
}

/** What a person does who pastes the advice. */
async function paste(line: string): Promise<Ran> {
  const env = { HOME: bin, PATH: `${bin}:${process.env['PATH']}`, KUBECONFIG: kubeconfig };
  const child = spawn('sh', ['-c', line], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr, exitCode: await closed };
}

/** The machines of the file as evenkeel reads it. */
async function known(): Promise<readonly string[]> {
  const { stdout } = await run('hosts discover --output json');
  const { hosts } = JSON.parse(stdout) as { hosts: { name: string; kept: boolean }[] };
  return hosts.filter(({ kept }) => kept).map(({ name }) => name);
}

/** The last command that a page or a problem tells. */
function adviceIn({ stdout, stderr }: Ran): string {
  const told = [...`${stdout}${stderr}`.matchAll(/(?:^ +|with: )(evenkeel [^;\n]+)/gm)];
  return told.at(-1)?.[1] ?? 'false';
}

test('proposes what is missing, and --check tries the ways', async () => {
  writeFileSync(
    file(),
    'hosts:\n  here:\n    local: {sudo: false}\n  closed:\n    ssh: root@127.0.0.1:9\n',
  );
  const ran = await run('hosts discover');
  expectClear(ran);
  expect(ran.exitCode).toBe(0);
  expect(ran.stdout).toMatch(/^hosts:\n {2}here:\n {4}local:\n {6}sudo: false\n/);
  expect(ran.stdout).toContain('# Node k3s9, agent.');
  const tried = await run('hosts discover --check --host-timeout 1m');
  expect(tried.exitCode).toBe(1);
  expect(tried.stdout).toMatch(/^ {2}here +this machine answers as /m);
  expect(tried.stdout).toMatch(/^ {2}closed +ssh root@127.0.0.1:9: connection refused/m);
}, 60_000);

describe('the advice, pasted into a shell,', () => {
  const audit = 'audit:\n  failOn: critical\n';

  test.each([
    ['makes the file', undefined, 'host facts --all'],
    ['makes the file', undefined, 'hosts discover --output text'],
    ['keeps what stands in an empty one', '', 'host facts --all'],
    ['keeps what stands in it', audit, 'host facts --all'],
    ['keeps what stands in it', audit, 'hosts discover --output text'],
    ['keeps what stands in one whose last line has no end', audit.trimEnd(), 'host facts --all'],
  ])(
    '%s (%j, %s)',
    async (_, before, command) => {
      if (before !== undefined) writeFileSync(file(), before);
      const advice = adviceIn(await run(command));
      expect(advice).toMatch(/^evenkeel hosts discover >/);
      const pasted = await paste(advice);
      expect(pasted).toMatchObject({ exitCode: 0, stdout: '' });
      expect(pasted.stderr).not.toContain('has a section');
      expect(readFileSync(file(), 'utf8')).toMatch(new RegExp(`^${before ?? ''}\\n?hosts:\n`));
      expect(await known()).toEqual(['here', 'k3s9']);
    },
    60_000,
  );

  test('shows what is missing where there is a section, and says that it takes its place', async () => {
    const before = `${audit}hosts:\n  here:\n    local: true\n`;
    writeFileSync(file(), before);
    const advice = adviceIn(await run('hosts discover --output text'));
    const pasted = await paste(advice);
    expectClear(pasted);
    expect(pasted.stdout).toContain('# Node k3s9, agent.');
    expect(pasted.stderr).toMatch(/^evenkeel\.yaml has a section hosts: .*take its place/m);
    expect(readFileSync(file(), 'utf8')).toBe(before);
  }, 60_000);

  test('is for the file that was named', async () => {
    writeFileSync(join(directory, 'my lab.yaml'), audit);
    const advice = adviceIn(await paste("evenkeel host facts --all --hosts 'my lab.yaml'"));
    expect((await paste(advice)).exitCode).toBe(0);
    const after = readFileSync(join(directory, 'my lab.yaml'), 'utf8');
    expect(after.startsWith(`${audit}hosts:\n`)).toBe(true);
  }, 60_000);
});

test('a second section beside the first is a mistake that loses nothing', async () => {
  const before = 'hosts:\n  here:\n    local: true\n';
  writeFileSync(file(), before);
  await paste('evenkeel hosts discover >> evenkeel.yaml');
  expect(readFileSync(file(), 'utf8').startsWith(before)).toBe(true);
  expectProblem(await run('host facts here'), 2, /evenkeel\.yaml:4:1: not valid YAML/);
}, 60_000);

test('nobody is told to let the shell empty the file first', async () => {
  const pages = ['README.md', 'docs/guide/hosts.md'].map((name) =>
    readFileSync(join(root, name), 'utf8'),
  );
  const told = [...pages, (await run('hosts discover --help')).stdout].map((page) =>
    [...page.matchAll(/hosts discover\b[^#\n>]*(>+)/g)].map(([, redirection]) => redirection),
  );
  expect(told).toEqual([['>>'], ['>>'], ['>>']]);
});
