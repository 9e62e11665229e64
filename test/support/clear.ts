import { expect } from 'vitest';
import type { Ran } from './cli.ts';

/** What moves a cursor, colours, hides or turns text around. */
const raw =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

const slips =
  /^\s+at \S+ ?\(|evenkeel's fault|\[object \w+\]|\bNaN\b|TypeError|RangeError|ZodError/m;

/** Whether the text of a test's own would look like one; for `fc.pre`. */
export function looksLikeSlip(text: string): boolean {
  return slips.test(text);
}

/** However a run ends, a person can read it: no stack trace, no slip, nothing that draws. */
export function expectClear({ stdout, stderr }: Ran): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toMatch(slips);
    expect([...text.matchAll(raw)].map(([char]) => char.codePointAt(0)?.toString(16))).toEqual([]);
  }
}

/** It ended because of something that a person can mend: what it is, and what to do next. */
export function expectProblem(ran: Ran, exitCode: number, what: RegExp | string): void {
  expectClear(ran);
  expect(ran.stderr).toMatch(/^error: .+(\n {2}.+)*\n {2}next: \S.+\n$/m);
  expect(ran.stderr).toMatch(what);
  expect(ran.exitCode).toBe(exitCode);
}
