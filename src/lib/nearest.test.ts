import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it.each([
  ['defualt', ['default', 'staging'], 'default'],
  ['Default', ['default'], 'default'],
  ['prod', ['staging', 'homelab'], undefined],
  ['x'.repeat(10_000), ['x'.repeat(10_000)], undefined],
  ['a', [], undefined],
])('%s', (word, candidates, near) => {
  expect(nearest(word, candidates)).toBe(near);
});
