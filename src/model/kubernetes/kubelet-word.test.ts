import { expect, test } from 'vitest';
import { before } from '../../../test/support/host-cases.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, noon, type RawObject, snapshotOf } from '../../../test/support/snapshot.ts';
import { buildTopology } from '../topology.ts';
import { kubeletWord } from './kubelet-word.ts';

const now = Date.parse(noon);

function wordOf(...objects: readonly RawObject[]): object {
  return kubeletWord('a', buildTopology(snapshotOf({ objects })), now);
}

test('a Lease that moves is the kubelet’s word, whatever the controller says', () => {
  expect(wordOf(node('a', { ready: 'Unknown' }), lease('a'))).toMatchObject({ state: 'heard' });
});

test('a Lease that stands still: silent since its last renewal, certain 40 s later', () => {
  const silent = { state: 'silent', heardAt: before(100), silentAt: before(60) };
  expect(wordOf(node('a'), lease('a', { renewed: ago(100) }))).toEqual(silent);
});

test('without a Lease the controller’s Unknown tells, and its Ready does not', () => {
  const silent = { state: 'silent', heardAt: null, silentAt: before(600) };
  expect(wordOf(node('a', { ready: 'Unknown', since: ago(600) }))).toEqual(silent);
  expect(wordOf(node('a'))).toMatchObject({ state: 'unknown' });
});

test('of no node nothing is known', () => {
  expect(kubeletWord(undefined, buildTopology(snapshotOf({ objects: [] })), now)).toMatchObject({
    state: 'unknown',
  });
});
