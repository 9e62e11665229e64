import * as z from 'zod';
import { minute } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { listed } from '../../model/facet.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { carriesK3s, k3sUnit, unitPhase } from '../../model/kubernetes/k3s-unit.ts';
import { silencesNode, stopsServer } from '../../model/kubernetes/silenced.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1004',
  id: 'host/unit-stopped',
  title: 'k3s is stopped on a host',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes'],
  explains: [...silencesNode(0.95), ...stopsServer],
  options: z.object({
    bootMs: z
      .number()
      .default(minute)
      .describe('how long after a boot its turn to start may not have come yet'),
  }),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { nodes, now, topology }, { bootMs }) {
    const look = k3sUnit(host);
    if (look.state === 'unknown') return unseen(look);
    if (look.state === 'absent') return undefined;
    const unit = look.value;
    if (unitPhase(unit, now, host.earlier) !== 'stopped') return undefined;
    const bootedAt = host.system.state === 'known' ? host.system.value.bootedAt : undefined;
    const stoppedAt = unit.exitedAt ?? unit.stateChangedAt ?? undefined;
    const ran = stoppedAt !== undefined && stoppedAt > (bootedAt ?? 0);
    if (!ran && bootedAt !== undefined && now - bootedAt < bootMs) return undefined;
    const enabled = unit.unitFileState?.startsWith('enabled') ?? false;
    const isNode = topology.nodeOfHost.has(host.metadata.name);
    // One that is left over, and that nobody expects, is no loss.
    if (!enabled && !isNode) return undefined;
    const isMissed = isNode || listed(nodes).length === 0;
    const to = ran ? stoppedAt : (bootedAt ?? now);
    return {
      verdict: 'fail',
      // A node that was taken out of the cluster, or a copy of one, is missed by nobody.
      severity: host.declared.optional ? 'low' : isMissed ? 'critical' : 'medium',
      onset: { from: ran ? to : null, to },
      facts: {
        name: host.metadata.name,
        unit: unit.name,
        why: ran ? 'stopped' : 'never-started',
        enabled,
        unitFileState: unit.unitFileState ?? 'unknown',
        result: unit.result,
        sinceAt: to,
        forMs: now - to,
        ...k3sRole(host, topology),
      },
      evidence: [
        {
          object: refOf(host),
          field: `units[${unit.name}].activeState`,
          value: `${unit.activeState} (${unit.subState})`,
          at: to,
        },
      ],
    };
  },
});
