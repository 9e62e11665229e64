import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { screenOf } from './screen.ts';
import type { Terminal } from './spec.ts';

function terminal(env: NodeJS.ProcessEnv, isTTY = false, columns?: number): Terminal {
  const stdout = Object.assign(new PassThrough(), { isTTY, ...(columns && { columns }) });
  const interrupted = new AbortController().signal;
  return { stdout, stderr: new PassThrough(), env, cwd: '/', clock: systemClock, interrupted };
}

test.each([
  ['a file', undefined, { width: 100, colour: false, unicode: true }],
  ['a pipe', terminal({}), { width: 100, colour: false, unicode: true }],
  [
    'a terminal',
    terminal({ LANG: 'en_GB.UTF-8' }, true, 120),
    { width: 120, colour: true, unicode: true },
  ],
  [
    'a terminal without UTF-8',
    terminal({ LANG: 'C' }, true, 80),
    { width: 80, colour: true, unicode: false },
  ],
  ['LC_ALL before LANG', terminal({ LANG: 'C.UTF-8', LC_ALL: 'C' }, true), { unicode: false }],
  ['NO_COLOR', terminal({ NO_COLOR: '1' }, true), { colour: false }],
  ['NO_COLOR, empty', terminal({ NO_COLOR: '' }, true), { colour: true }],
  ['FORCE_COLOR', terminal({ FORCE_COLOR: '1' }), { colour: true }],
  ['FORCE_COLOR=0', terminal({ FORCE_COLOR: '0' }), { colour: false }],
  ['a dumb terminal', terminal({ TERM: 'dumb' }, true), { colour: false }],
  ['COLUMNS before the terminal', terminal({ COLUMNS: '60' }, true, 120), { width: 60 }],
  ['COLUMNS that is nonsense', terminal({ COLUMNS: 'wide' }, true, 90), { width: 90 }],
  ['too narrow', terminal({ COLUMNS: '5' }), { width: 40 }],
  ['too wide', terminal({ COLUMNS: '5000' }), { width: 160 }],
] as const)('%s', (_, given, expected) => {
  expect(screenOf(given)).toMatchObject(expected);
});
