import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { carriesK3s } from '../../model/kubernetes/k3s-unit.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1002',
  id: 'host/kmsg-not-persistent',
  title: '/dev/kmsg will not survive a restart',
  layer: 'host',
  kind: 'posture',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [],
  options: z.object({}),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now }) {
    const { kmsg, system, k3s } = host;
    if (kmsg.state === 'unknown') return unseen(kmsg);
    if (system.state === 'unknown') return unseen(system);
    if (kmsg.state === 'absent' || system.state === 'absent') return undefined;
    // What has a kernel of its own is given the device by it.
    if (system.value.container === 'none') return undefined;
    const { type, dangling, keptBy, target } = kmsg.value;
    if (type === 'missing' || dangling || keptBy.length > 0) return undefined;
    const gates = k3s.state === 'known' ? k3s.value.featureGates : {};
    const needless =
      !system.value.initialUserNamespace && gates['KubeletInUserNamespace'] === 'true';
    if (needless) return undefined;
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to: now },
      facts: {
        name: host.metadata.name,
        container: system.value.container,
        type,
        target: target ?? '',
        consoleLink: type === 'link',
      },
      evidence: [{ object: refOf(host), field: 'kmsg.keptBy', value: [], at: now }],
    };
  },
});
