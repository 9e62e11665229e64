import { expect, it } from 'vitest';
import { optionValues, wordsOf } from './argv.ts';

it('keeps quoted words together', () => {
  expect(wordsOf(`k3s server --node-label "a=b c" '--x=y z' a\\ b`)).toEqual([
    'k3s',
    'server',
    '--node-label',
    'a=b c',
    '--x=y z',
    'a b',
  ]);
});

it('finds options in both spellings', () => {
  const argv = ['k3s', '--data-dir=/a', '-d', '/b', '--data-dir', '/c', '--disable', '--data-dir'];
  expect(optionValues(argv, 'data-dir', 'd')).toEqual(['/a', '/b', '/c']);
});
