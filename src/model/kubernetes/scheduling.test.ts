import { expect, test } from 'vitest';
import { readRefusal } from './scheduling.ts';

test.each([
  [
    'taint',
    "1 node(s) had untolerated taint {example.org/gpu: }, 2 node(s) didn't match Pod's node affinity/selector",
  ],
  ['taint', '2 node(s) were unschedulable, 1 Insufficient memory'],
  [
    'resources',
    '1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: true}, 2 Insufficient cpu',
  ],
  ['resources', "1 Insufficient memory, 2 node(s) didn't match PersistentVolume's node affinity"],
  ['resources', '3 Too many pods'],
  ['gpu', '1 Insufficient nvidia.com/gpu, 2 Insufficient memory'],
  ['gpu', '3 Insufficient gpu.intel.com/i915'],
  ['volume', 'pod has unbound immediate PersistentVolumeClaims'],
  ['volume', 'persistentvolumeclaim "data" not found'],
  ['volume', "3 node(s) didn't match PersistentVolume's node affinity"],
  ['volume', '1 node(s) had volume node affinity conflict'],
  ['affinity', "3 node(s) didn't match pod topology spread constraints"],
  ['other', "3 node(s) didn't have free ports for the requested pod ports"],
])('%s: %s', (why, reasons) => {
  const message = `0/3 nodes are available: ${reasons}. preemption: not helpful, Insufficient cpu`;
  expect(readRefusal(message, [])).toMatchObject({ why, nodes: 3 });
});

test('a cluster without nodes', () => {
  expect(readRefusal('no nodes available to schedule pods', [])).toEqual({
    why: 'no-node',
    taints: [],
    nodes: 0,
  });
});

test('a cordoned node is known by its words', () => {
  const message = '0/2 nodes are available: 2 node(s) were unschedulable.';
  expect(readRefusal(message, []).taints).toEqual(['node.kubernetes.io/unschedulable']);
});

test('a taint that two nodes have is named once', () => {
  const message =
    '0/2 nodes are available: 1 node(s) had untolerated taint {b: }, 1 node(s) had untolerated taint {a: x}.';
  expect(
    readRefusal(`${message.slice(0, -1)}, 1 node(s) had untolerated taint {b: y}.`, []),
  ).toEqual({ why: 'taint', taints: ['a', 'b'], nodes: 2 });
});
