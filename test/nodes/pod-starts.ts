/** What pod starts write to the kernel's log, which is one for the machine. */
import { must } from '../bed/nodes/run.ts';

/**
 * Does what Cilium does at each pod start, in namespaces of its own: a veth pair, one end of it
 * renamed to `eth0`. The kernel writes `eth0: renamed from tmp…`, and the host's own is untouched.
 */
export async function podStarts(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const namespace = `evenkeel-pod${n}`;
    const link = ['ip', '-n', namespace, 'link'];
    await must(['ip', 'netns', 'add', namespace]);
    try {
      await must([...link, 'add', `lxc${n}`, 'type', 'veth', 'peer', 'name', `tmp${n}`]);
      await must([...link, 'set', `tmp${n}`, 'name', 'eth0']);
    } finally {
      await must(['ip', 'netns', 'del', namespace]);
    }
  }
}
