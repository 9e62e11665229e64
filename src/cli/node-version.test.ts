import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { tooOld } from './node-version.ts';

test('a Node that is too old is named, and what to do', () => {
  expect(tooOld('20.19.4')).toMatch(
    /^error: evenkeel needs Node 24 or newer, and this is Node 20\.19\.4\n {2}next: /,
  );
  expect(tooOld('9.11.2')).toBeDefined();
});

test('the one that we bring and those after it will do', () => {
  const [ours = ''] = /\d+\.\d+\.\d+/.exec(packageJson.dependencies.node) ?? [];
  expect(tooOld(ours)).toBeUndefined();
  expect(tooOld('100.0.0')).toBeUndefined();
});
