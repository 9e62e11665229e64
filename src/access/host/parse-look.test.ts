import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WayProblem } from './failure.ts';
import { parseLook } from './parse-look.ts';
import type { HostRequest } from './port.ts';

const boundary = 'q7';
const mark = (letter: string): string => `${letter}=${boundary}\0`;

const requests: readonly HostRequest[] = [
  { kind: 'contents', paths: ['/a', '/b', '/sys/*'], maxBytes: 100 },
  { kind: 'stats', paths: ['/dev/kmsg', '/dev/*'] },
  { kind: 'run', argv: ['date', '+%s'], timeoutMs: 1000, maxBytes: 10 },
  { kind: 'run', argv: ['k3s', '--version'], timeoutMs: 1000, maxBytes: 10 },
];

const hello = `motd\n${mark('S')}0 1795188899123\nroot${mark('H')}`;
const contents = [
  `0${mark('A')}/b${mark('D')}`,
  `/a\n/sys/x\n/sys/y\n${mark('F')}of a\n${mark('B')}${mark('B')}${mark('B')}`,
  `${mark('X')}1\nhead: error reading '/sys/x': Invalid argument${mark('E')}${mark('R')}`,
].join('');
const stats = [
  `1${mark('A')}21a4 0 0 0 1795188899 1 b /dev/kmsg\na1ff 0 0 11 1795188899 0 0 /dev/console\n${mark('T')}`,
  `/dev/console\n0\n/dev/gone\n${mark('L')}${mark('R')}`,
].join('');
const ran = `2${mark('A')}1795188899 and more${mark('O')}12.50\n12.75\n3\nsaid${mark('R')}`;
const missing = `3${mark('A')}${mark('N')}`;
const whole = `${hello}${contents}${stats}${ran}${missing}${mark('Z')}logout\n`;

const parse = (text: string | Buffer): ReturnType<typeof parseLook> =>
  parseLook(Buffer.from(text as string), boundary, requests);

function kindOf(text: string | Buffer): string {
  try {
    parse(text);
    return 'answered';
  } catch (error) {
    if (error instanceof WayProblem) return error.kind;
    throw error;
  }
}

test('a whole answer', () => {
  expect(parse(whole)).toEqual({
    user: 'root',
    root: true,
    hostAt: 1_795_188_899_123,
    answers: [
      {
        kind: 'contents',
        files: [
          { path: '/a', text: 'of a\n', cut: false },
          { path: '/sys/y', text: '', cut: false },
        ],
        denied: [
          { path: '/b', problem: 'Permission denied' },
          { path: '/sys/x', problem: 'Invalid argument' },
        ],
      },
      {
        kind: 'stats',
        files: [
          {
            path: '/dev/kmsg',
            type: 'character',
            mode: 0o644,
            uid: 0,
            gid: 0,
            sizeBytes: 0,
            modifiedAt: 1_795_188_899_000,
            device: { major: 1, minor: 11 },
          },
          {
            path: '/dev/console',
            type: 'link',
            mode: 0o777,
            uid: 0,
            gid: 0,
            sizeBytes: 11,
            modifiedAt: 1_795_188_899_000,
            target: '/dev/gone',
            dangling: true,
          },
        ],
      },
      { kind: 'ran', code: 3, stdout: '1795188899', stderr: 'said', cut: true },
      { kind: 'no-program' },
    ],
  });
});

describe('never a wrong answer', () => {
  test('from one that breaks off', () => {
    const end = whole.length - 'logout\n'.length;
    for (let length = 0; length < end; length++) {
      expect(kindOf(whole.slice(0, length))).toMatch(/^(cut|malformed)$/);
    }
  });

  test('from garbage', () => {
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .array(
          fc.constantFrom(...'SHADFBXETLNORZ'.split('').map(mark), '/a\n', '0', ' ', '\n', 'x'),
        )
        .map((parts) => Buffer.from(parts.join(''))),
    );
    fc.assert(
      fc.property(junk, (bytes) => {
        expect(kindOf(bytes)).toMatch(/^(cut|malformed|no-program)$/);
      }),
      { numRuns: 1000 },
    );
  });

  test('from one that lost a mark, or has one twice', () => {
    const marks = [...whole.matchAll(/[A-Z]=q7\0/g)];
    for (const { 0: found, index } of marks) {
      const without = whole.slice(0, index) + whole.slice(index + found.length);
      expect(kindOf(without), `without ${found} at ${index}`).not.toBe('answered');
      const twice = whole.slice(0, index) + found + whole.slice(index);
      // An empty list of facts adds nothing; files may go away while they are looked at.
      if (kindOf(twice) === 'answered') expect(parse(twice)).toEqual(parse(whole));
    }
  });

  test('from one whose parts are moved', () => {
    const parts = [contents, stats, ran, missing];
    fc.assert(
      fc.property(fc.shuffledSubarray(parts), (moved) => {
        const isSame = moved.join('') === parts.join('');
        const kind = kindOf(`${hello}${moved.join('')}${mark('Z')}`);
        expect(kind === 'answered').toBe(isSame);
      }),
    );
  });

  test('from what was not asked for', () => {
    expect(kindOf(whole.replaceAll('/sys/x\n', '/etc/shadow\n'))).toBe('malformed');
    expect(kindOf(whole.replaceAll('/dev/kmsg\n', '/etc/shadow\n'))).toBe('malformed');
    expect(kindOf(whole.replaceAll('/sys/y\n', '/sys/y/deeper\n'))).toBe('malformed');
  });
});

test('contents that look like answers are contents', () => {
  const spoof = 'B=q8\0R=\0Z=q\0\n==> /etc/passwd <==\n';
  const look = parse(whole.replace('of a\n', spoof));
  expect(look.answers[0]).toMatchObject({ files: [{ path: '/a', text: spoof }, {}] });
});

test('files that were not reached in time are denied, not empty', () => {
  const killed = whole.replace(`${mark('B')}${mark('B')}${mark('B')}${mark('X')}`, `${mark('X')}`);
  expect(kindOf(killed)).toBe('malformed');
  expect(parse(killed.replace(/1\nhead: [^=]*(?=E=)/, '137\n')).answers[0]).toMatchObject({
    files: [],
    denied: [
      { path: '/b' },
      { path: '/a', problem: 'not read in time' },
      { path: '/sys/x', problem: 'not read in time' },
      { path: '/sys/y', problem: 'not read in time' },
    ],
  });
});

test.each([
  ['10.00', '11.00', 137, 'timed-out'],
  ['10.00', '11.00', 124, 'timed-out'],
  ['10.00', '10.20', 137, 'ran'],
  ['10.00', '10.20', 124, 'ran'],
  ['10.00', '11.50', 1, 'ran'],
  ['', '', 137, 'timed-out'],
])('from %s to %s with %i is %s', (from, to, code, kind) => {
  const changed = whole.replace('12.50\n12.75\n3', `${from}\n${to}\n${code}`);
  expect(parse(changed).answers[2]?.kind).toBe(kind);
});

test('a host without the programs that a look needs', () => {
  const lacking = whole.replace('1795188899123\n', '1795188899123 stat timeout\n');
  expect(() => parse(lacking)).toThrow('the host has no stat timeout');
  expect(kindOf(lacking)).toBe('no-program');
});
