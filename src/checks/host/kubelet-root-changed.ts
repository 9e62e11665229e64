import * as z from 'zod';
import { byText } from '../../lib/order.ts';
import { defineCheck } from '../../model/check.ts';
import { carriesK3s } from '../../model/kubernetes/k3s-unit.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1008',
  id: 'host/kubelet-root-changed',
  title: 'The kubelet has moved to another directory',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    {
      effect: 'storage/csi-not-registered',
      tie: 'host-node',
      strength: 0.9,
      within: Infinity,
    },
    {
      effect: 'workload/mount-failed',
      tie: 'host-pods',
      strength: 0.7,
      within: Infinity,
      signature: { why: ['driver-not-registered', 'other'] },
    },
  ],
  options: z.object({}),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now }) {
    const { kubelet, baseline } = host;
    if (kubelet.state === 'unknown') return unseen(kubelet);
    if (kubelet.state === 'absent') return undefined;
    const { root, trees, startedAt } = kubelet.value;
    const inUse = trees.filter(
      ({ pods, drivers, registered }) => pods + drivers.length + registered.length > 0,
    );
    // Of a kubelet that does not run, the tree where most is stands for its own.
    const here = root ?? inUse.toSorted((a, b) => b.pods - a.pods)[0]?.path;
    const others = inUse.filter(({ path }) => path !== here);
    const recorded = baseline?.kubeletRoot ?? undefined;
    const moved = root && recorded !== undefined && root !== recorded;
    if (!moved && others.length === 0) return undefined;
    const drivers = [...new Set(others.flatMap((each) => [...each.drivers, ...each.registered]))];
    return {
      verdict: 'fail',
      severity: drivers.length > 0 ? 'critical' : 'high',
      onset: { from: null, to: startedAt ?? now },
      facts: {
        name: host.metadata.name,
        why: others.length > 0 ? 'two-trees' : 'moved',
        root: here ?? '',
        recorded: recorded ?? '',
        other: others[0]?.path ?? recorded ?? '',
        others: others.map(({ path }) => path).sort(byText),
        drivers: drivers.sort(byText),
        pods: others.reduce((sum, { pods }) => sum + pods, 0),
      },
      evidence: [
        { object: refOf(host), field: 'kubelet.root', value: here ?? null, at: startedAt ?? now },
      ],
    };
  },
});
