import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { carriesK3s, isUp, k3sUnit } from '../../model/kubernetes/k3s-unit.ts';
import { silencesNode } from '../../model/kubernetes/silenced.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { type Look, unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1001',
  id: 'host/kmsg-missing',
  title: 'No /dev/kmsg on the host',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.95,
      within: Infinity,
      signature: { why: ['kmsg', 'unknown'] },
    },
    // Where the unit itself may not be looked at.
    ...silencesNode(0.6, { unitUp: 'unknown' }),
  ],
  options: z.object({}),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now }) {
    const { kmsg, system } = host;
    if (kmsg.state === 'unknown') return unseen(kmsg);
    if (kmsg.state === 'absent') return undefined;
    const { type, dangling, target } = kmsg.value;
    if (type !== 'missing' && !(type === 'link' && dangling)) return undefined;
    const need = needsKmsg(host);
    if (need.state === 'unknown') return unseen(need);
    if (need.state === 'absent') return undefined;
    const up = isUp(host, now);
    const value = type === 'missing' ? 'missing' : `-> ${target ?? ''}`;
    return {
      verdict: 'fail',
      severity: up === false ? 'critical' : 'high',
      onset: { from: null, to: system.state === 'known' ? system.value.bootedAt : now },
      facts: {
        name: host.metadata.name,
        why: type === 'missing' ? 'missing' : 'dangling-link',
        container: system.state === 'known' ? system.value.container : 'unknown',
        unitUp: up === undefined ? 'unknown' : up,
        ...unitFacts(host),
      },
      evidence: [{ object: refOf(host), field: 'kmsg.type', value, at: now }],
    };
  },
});

function unitFacts(host: Host): { unit?: string; restarts?: number; named?: boolean } {
  const unit = k3sUnit(host);
  if (unit.state !== 'known') return {};
  const { name, restarts, log } = unit.value;
  return { unit: name, restarts, named: log.some(({ text }) => text.includes('/dev/kmsg')) };
}

/** Absent: a kubelet in a user namespace that is told so goes on without it. */
function needsKmsg({ system, k3s }: Host): Look<true> {
  if (system.state === 'known' && system.value.initialUserNamespace) {
    return { state: 'known', value: true };
  }
  if (k3s.state !== 'known') return k3s.state === 'unknown' ? k3s : { state: 'known', value: true };
  if (k3s.value.featureGates['KubeletInUserNamespace'] !== 'true') {
    return { state: 'known', value: true };
  }
  return system.state === 'unknown' ? system : { state: 'absent' };
}
