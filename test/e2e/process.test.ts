import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/lib/terminal-text.ts';
import { packBundle } from '../../src/observe/sources/bundle.ts';
import { expectClear, expectProblem } from '../support/clear.ts';
import { kubeconfigFor, type Ran } from '../support/cli.ts';
import { listen } from '../support/emulated-api.ts';
import { lease, node, pod } from '../support/objects.ts';
import { ago, snapshotOf } from '../support/snapshot.ts';

const root = join(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'evenkeel-process-'));
const bundle = join(directory, 'world.gz');
const stuck = Array.from({ length: 60 }, (_, at) =>
  pod(`stuck-${at}`, { node: 'a', deleted: ago(7200) }),
);

beforeAll(() => {
  const objects = [node('a'), lease('a'), ...stuck];
  writeFileSync(bundle, packBundle(snapshotOf({ objects })));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Started {
  readonly child: ReturnType<typeof spawn>;
  readonly ended: Promise<Ran & { readonly signal: string | null }>;
}

/** The real program in a process of its own. */
function start(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const program = [join(root, 'src/cli/bin.ts'), ...argv];
  const child = spawn(join(root, 'node_modules/.bin/node'), program, {
    cwd: directory,
    env: { HOME: directory, PATH: process.env['PATH'], LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<[number, string | null]>((resolve) => {
    child.on('close', (code, signal) => resolve([code ?? -1, signal]));
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), closed]).then(
    ([stdout, stderr, [exitCode, signal]]) => ({ stdout, stderr, exitCode, signal }),
  );
  return { child, ended };
}

async function run(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return await start(argv, env).ended;
}

/** A line of the shell, where `evenkeel` is the program. */
async function shell(line: string): Promise<Ran> {
  const node = join(root, 'node_modules/.bin/node');
  const program = `set -o pipefail; evenkeel() { '${node}' '${root}/src/cli/bin.ts' "$@"; }; ${line}`;
  const child = spawn('bash', ['-c', program], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    closed,
  ]);
  return { stdout, stderr, exitCode };
}

describe('a reader that has seen enough', () => {
  test.each([
    ['evenkeel checks | head -n 1', 0],
    ['evenkeel audit --bundle world.gz --output json | head -n 1', 1],
    ['evenkeel audit --bundle world.gz --output json 2>&1 | head -c 1', 1],
    ['evenkeel --help | true', 0],
    ['evenkeel nonsense 2>&1 | true', 2],
    ['(sleep 0.2; evenkeel nonsense) 2>&1 | true', 2],
    ['(sleep 0.2; evenkeel checks) | true', 0],
  ])('%s', async (line, exitCode) => {
    const ran = await shell(`${line}; echo "[\${PIPESTATUS[*]}]"`);
    expectClear(ran);
    expect(ran.stderr).toBe('');
    expect(ran.stdout.endsWith(`[${exitCode} 0]\n`), ran.stdout.slice(-20)).toBe(true);
  });

  test('is not a disk that is full', async () => {
    expectProblem(await shell('evenkeel checks > /dev/full'), 2, /the disk is full/);
  });
});

describe('Ctrl-C', () => {
  test('while the API server keeps us waiting: a sentence, and 130', async () => {
    let knocked = (): void => undefined;
    const knock = new Promise<void>((resolve) => {
      knocked = resolve;
    });
    const server = await listen(() => knocked());
    try {
      const { child, ended } = start([
        'audit',
        '--kubeconfig',
        kubeconfigFor(server.url, directory),
      ]);
      await knock;
      child.kill('SIGINT');
      const ran = await ended;
      expectClear(ran);
      expect(ran).toMatchObject({ exitCode: 130, stdout: '', signal: null });
      expect(ran.stderr).toMatch(/\nInterrupted\. Nothing was changed\.\n$/);
    } finally {
      await server.close();
    }
  });
});

describe('the screen', () => {
  const audit = ['audit', '--bundle', bundle];
  const escape = '\u001b[';

  test('has no colours when nobody sees them, or somebody does not want them', async () => {
    expect((await run(audit)).stdout).not.toContain(escape);
    expect((await run(audit, { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain(escape);
    expect((await run(audit, { FORCE_COLOR: '1', TERM: 'dumb' })).stdout).not.toContain(escape);
  });

  test('has colours where they are asked for, and only colours', async () => {
    const { stdout } = await run(audit, { FORCE_COLOR: '1' });
    expect(stdout).toContain(escape);
    const plain = stdout.replace(/\u001b\[[0-9;]*m/g, '');
    expectClear({ stdout: plain, stderr: '', exitCode: 0 });
    expect(plain).toBe((await run(audit)).stdout);
  });

  test.each([40, 80, 140])('is %i columns wide', async (columns) => {
    const { stdout, exitCode } = await run(audit, { COLUMNS: String(columns) });
    expect(exitCode).toBe(1);
    const wide = stdout.split('\n').filter((line) => displayWidth(line) > columns);
    // A command is never broken: somebody will paste it.
    expect(wide.filter((line) => !/^ +(kubectl|evenkeel|ssh|sudo|for) /.test(line))).toEqual([]);
  });

  test.each(['0', '-5', 'wide', '1e9'])('makes the best of COLUMNS=%s', async (columns) => {
    const ran = await run(audit, { COLUMNS: columns });
    expectClear(ran);
    expect(ran.exitCode).toBe(1);
  });
});

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('%s prints a script', async (name) => {
    const ran = await run(['completion', name]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout).toContain('evenkeel complete --');
  });

  test('of another shell is refused', async () => {
    const ran = await run(['completion', 'tcsh']);
    expectClear(ran);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain('Allowed choices are zsh, bash, fish');
  });

  test.each([
    [['audit', '--che'], '--check'],
    [['audit', '--check', 'node/not'], 'node/not-ready'],
    [['audit', '--output', ''], 'markdown'],
    [['bun'], 'bundle'],
    [['bundle', ''], 'inspect'],
  ])('of %j', async (words, expected) => {
    const ran = await run(['complete', '--', ...words]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    const offered = ran.stdout.split('\n').map((line) => line.split('\t')[0]);
    expect(offered).toContain(expected);
  });
});
