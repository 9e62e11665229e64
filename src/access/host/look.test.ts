import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { titled } from '../../../test/support/titled.ts';
import { systemClock } from '../../lib/clock.ts';
import { LocalAccess } from './local.ts';
import { lookThrough } from './looker.ts';
import type { HostLook, HostRequest } from './port.ts';
import { type Run, run } from './run.ts';
import { answerAt } from './testing/looks.ts';
import { execute, noProgram, programPath, TestPlace } from './testing/place.ts';

const shells = ['dash', 'bash', 'busybox'] as const;

let place: TestPlace;
let socket: Server;
const odd = [
  "it's",
  'a "b"',
  'a  b',
  '$(id)',
  '-n',
  'a?b',
  '[ab]',
  'é',
  '\\',
  '`x`',
  '*',
  '~',
  'a\nb',
];

beforeAll(() => {
  place = new TestPlace();
  for (const name of odd) place.write(`odd/${name}`, `of ${name}\n`);
  place.write('odd/.hidden', 'hidden\n');
  place.write('plain/empty', '');
  place.write('plain/no-newline', 'x');
  place.write('plain/bytes', 'a\0b\0\n\n');
  place.write('plain/long', 'x'.repeat(5000));
  place.write('plain/marks', 'B=abc\0R=abc\0Z=\0\n==> /etc/passwd <==\n');
  writeFileSync(place.path('plain/invalid'), Buffer.from([0x61, 0xff, 0x62]));
  mkdirSync(place.path('plain/folder'));
  execute('mkfifo', [place.path('plain/fifo')]);
  symlinkSync('/dev/zero', place.path('plain/zero'));
  symlinkSync('no-newline', place.path('plain/link'));
  symlinkSync('nowhere', place.path('plain/dangling'));
  socket = createServer().listen(place.path('plain/socket'));
});
afterAll(() => {
  socket.close();
  place.remove();
});

describe.each(shells)('%s', (name) => {
  const program = programPath(name);
  const missing = noProgram(name);
  const it = test.skipIf(missing !== '');

  beforeAll(() => {
    // By this name bash is a POSIX shell.
    mkdirSync(place.path(name));
    if (program !== undefined) symlinkSync(program, place.path(name, 'sh'));
  });

  /** As if this were the host's `sh`. */
  const throughShell: Run = (argv, options) =>
    run([place.path(name, 'sh'), ...argv.slice(1)], options);
  async function look(
    requests: readonly HostRequest[],
    env: NodeJS.ProcessEnv = { PATH: process.env['PATH'] },
  ): Promise<Omit<HostLook, 'ways'>> {
    const access = new LocalAccess({ run: throughShell, env, sudo: false });
    return await lookThrough(access, requests, {
      clock: systemClock,
      boundary: () => 'q7',
      signal: new AbortController().signal,
      timeoutMs: 15_000,
      maxBytes: 16 * 1024 * 1024,
    });
  }

  it(titled('says who we are, and when', missing), async () => {
    const before = Date.now();
    const { user, root, clock } = await look([]);
    expect(root).toBe(process.getuid?.() === 0);
    expect(user).toMatch(/\S/);
    expect(Math.abs(clock.hostAt - before)).toBeLessThan(5000);
  });

  it(titled('reads files as they are, and only files', missing), async () => {
    const paths = [place.path('plain/*'), place.path('missing'), place.path('plain/no-newline')];
    const answer = answerAt(
      await look([{ kind: 'contents', paths, maxBytes: 1000 }]),
      0,
      'contents',
    );
    const found = answer.files.map(({ path, text, cut }) => [path.split('/').at(-1), text, cut]);
    expect(found).toEqual([
      ['bytes', 'a\0b\0\n\n', false],
      ['empty', '', false],
      ['invalid', 'a\ufffdb', false],
      ['link', 'x', false],
      ['long', 'x'.repeat(1000), true],
      ['marks', 'B=abc\0R=abc\0Z=\0\n==> /etc/passwd <==\n'.slice(0, 1000), false],
      ['no-newline', 'x', false],
      ['no-newline', 'x', false],
    ]);
    expect(answer.denied).toEqual([]);
  });

  it(titled('expands * only, and survives odd names', missing), async () => {
    const literal = odd.filter((each) => !each.includes('\n') && !each.includes('*'));
    const request: HostRequest = {
      kind: 'contents',
      paths: [place.path('odd/*'), ...literal.map((each) => place.path('odd', each))],
      maxBytes: 100,
    };
    const { files } = answerAt(await look([request]), 0, 'contents');
    const globbed = odd.filter((each) => !each.includes('\n'));
    const names = files.map(({ path }) => path.slice(place.path('odd/').length));
    expect([...names].sort()).toEqual([...globbed, ...literal].sort());
    for (const { path, text } of files) {
      expect(text).toBe(`of ${path.slice(place.path('odd/').length)}\n`);
    }
    const question = answerAt(
      await look([{ kind: 'stats', paths: [place.path('o*/a?b'), place.path('o*/[ab]')] }]),
      0,
      'stats',
    );
    expect(question.files.map(({ path }) => path)).toEqual([
      place.path('odd/a?b'),
      place.path('odd/[ab]'),
    ]);
  });

  it(titled("hands on what may not be read, and the kernel's words", missing), async () => {
    // A speed has no meaning on loopback, and reading it fails.
    const path = '/sys/class/net/lo/speed';
    const answer = answerAt(
      await look([{ kind: 'contents', paths: [path], maxBytes: 99 }]),
      0,
      'contents',
    );
    expect(answer.files).toEqual([]);
    expect(answer.denied).toEqual([{ path, problem: expect.stringMatching(/^\w[\w/ ]+$/) }]);
  });

  it(titled('tells what files are', missing), async () => {
    chmodSync(place.path('plain/long'), 0o640);
    const paths = [place.path('plain/*'), '/dev/null', '/nowhere'];
    const { files } = answerAt(await look([{ kind: 'stats', paths }]), 0, 'stats');
    const of = (end: string) => files.find(({ path }) => path.endsWith(end));
    const { mtimeMs, uid, gid } = statSync(place.path('plain/long'));
    expect(of('/long')).toEqual({
      path: place.path('plain/long'),
      type: 'file',
      mode: 0o640,
      uid,
      gid,
      sizeBytes: 5000,
      modifiedAt: Math.floor(mtimeMs / 1000) * 1000,
    });
    expect(of('/fifo')?.type).toBe('fifo');
    expect(of('/socket')?.type).toBe('socket');
    expect(of('/folder')?.type).toBe('directory');
    expect(of('/link')).toMatchObject({ type: 'link', target: 'no-newline', dangling: false });
    expect(of('/dangling')).toMatchObject({ type: 'link', target: 'nowhere', dangling: true });
    expect(of('/null')).toMatchObject({ type: 'character', device: { major: 1, minor: 3 } });
    expect(of('/nowhere')).toBeUndefined();
  });

  it(titled('runs programs, with an end to their time and output', missing), async () => {
    const bin = place.path('bin');
    place.program('networkctl', 'echo "out $1"; echo "err" >&2; exit 3');
    // busybox's `timeout` ends the program that it started, GNU's also what that started.
    place.program('k3s', name === 'busybox' ? 'exec sleep 60' : 'sleep 60');
    place.program('conntrack', 'exec yes');
    const limits = { timeoutMs: 1000, maxBytes: 1000 };
    const started = Date.now();
    const { answers } = await look(
      [
        { kind: 'run', argv: ['networkctl', 'list'], ...limits },
        { kind: 'run', argv: ['k3s', '--version'], ...limits },
        { kind: 'run', argv: ['conntrack', '-C'], ...limits },
        { kind: 'run', argv: ['pct', 'list'], ...limits },
        { kind: 'run', argv: ['date', '+a  b  $x "\'*'], ...limits },
      ],
      { PATH: `${bin}:${process.env['PATH']}` },
    );
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(answers[0]).toEqual({
      kind: 'ran',
      code: 3,
      stdout: 'out list\n',
      stderr: 'err',
      cut: false,
    });
    expect(answers[1]).toEqual({ kind: 'timed-out' });
    expect(answers[2]).toMatchObject({ kind: 'ran', stdout: 'y\n'.repeat(500), cut: true });
    expect(answers[3]).toEqual({ kind: 'no-program' });
    expect(answers[4]).toMatchObject({ kind: 'ran', stdout: 'a  b  $x "\'*\n' });
  });

  it(titled('reads hundreds of files with few processes', missing), async () => {
    for (let at = 0; at < 600; at++) place.write(`many/${at}`, `${at}\n`);
    const calls = place.write(`calls-${name}`, '');
    place.program('timeout', `echo >>${calls}\nexec ${programPath('timeout')} "$@"`);
    const request: HostRequest = { kind: 'contents', paths: [place.path('many/*')], maxBytes: 99 };
    const env = { PATH: `${place.path('bin')}:${process.env['PATH']}` };
    const { files } = answerAt(await look([request], env), 0, 'contents');
    expect(files).toHaveLength(600);
    expect(files.every(({ path, text }) => path.endsWith(`/${text.trim()}`))).toBe(true);
    // Every `head` is started by `timeout`; a busybox that is built to stand alone takes its own.
    const ownToo = name === 'busybox' ? [0] : [];
    expect([3, ...ownToo]).toContain(readFileSync(calls, 'utf8').length);
  });
});

test('a directory that may not be entered is no file that is not there', async () => {
  const nobody = 65_534;
  const isRoot = process.getuid?.() === 0;
  const closed = place.path('closed');
  place.write('closed/file', 'x');
  place.write('secret', 'x', 0o600);
  chmodSync(place.directory, 0o755);
  chmodSync(closed, isRoot ? 0o700 : 0o000);
  const setpriv = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  const asNobody: Run = (argv, options) => run([...(isRoot ? setpriv : []), ...argv], options);
  const access = new LocalAccess({
    run: asNobody,
    env: { PATH: process.env['PATH'] },
    sudo: false,
  });
  const paths = ['file', '*', 'deep/er/file'].map((each) => `${closed}/${each}`);
  if (isRoot) paths.push(place.path('secret'));
  const look = await lookThrough(access, [{ kind: 'contents', paths, maxBytes: 99 }], {
    clock: systemClock,
    boundary: () => 'abc',
    signal: new AbortController().signal,
    timeoutMs: 9000,
    maxBytes: 1e6,
  });
  const problem = 'Permission denied';
  expect(answerAt(look, 0, 'contents')).toEqual({
    kind: 'contents',
    files: [],
    denied: paths.map((path) => ({ path, problem })),
  });
  expect(look.root).toBe(false);
  chmodSync(closed, 0o700);
});

const noSocat = noProgram('socat');

test.skipIf(noSocat !== '')(
  titled('asks the admin socket of HAProxy, without input', noSocat),
  async () => {
    const file = place.path('admin.sock');
    const asked: string[] = [];
    const haproxy = createServer((client) => {
      client.on('data', (chunk) => {
        asked.push(chunk.toString());
        client.end('# pxname,svname\nk3s,k3s1\n\n');
      });
    }).listen(file);
    try {
      const access = new LocalAccess({ run, env: { PATH: process.env['PATH'] }, sudo: false });
      const argv = ['socat', 'EXEC:echo show stat!!STDOUT', `UNIX-CONNECT:${file}`];
      const look = await lookThrough(
        access,
        [{ kind: 'run', argv, timeoutMs: 3000, maxBytes: 1000 }],
        {
          clock: systemClock,
          boundary: () => 'q7',
          signal: new AbortController().signal,
          timeoutMs: 9000,
          maxBytes: 1e6,
        },
      );
      expect(answerAt(look, 0, 'ran')).toMatchObject({
        code: 0,
        stdout: '# pxname,svname\nk3s,k3s1\n\n',
      });
      expect(asked).toEqual(['show stat\n']);
    } finally {
      haproxy.close();
    }
  },
);
