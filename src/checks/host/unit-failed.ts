import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { defineCheck } from '../../model/check.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { carriesK3s, k3sUnit, unitPhase } from '../../model/kubernetes/k3s-unit.ts';
import { kubeletWord } from '../../model/kubernetes/kubelet-word.ts';
import { silencesNode, stopsServer } from '../../model/kubernetes/silenced.ts';
import { exitCause } from '../../model/kubernetes/unit-log.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

/** What a unit does when it fails, and the fact that says so. */
const failing = { failed: 'failed', restarting: 'restarting', hanging: 'hanging' } as const;

export const check = defineCheck({
  code: 'EK1003',
  id: 'host/unit-failed',
  title: 'k3s does not stay up on a host',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes', 'leases'],
  explains: [...silencesNode(0.95), ...stopsServer],
  options: z.object({}),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { nodes, now, topology }) {
    const look = k3sUnit(host);
    if (look.state === 'unknown') return unseen(look);
    if (look.state === 'absent') {
      return { verdict: 'unknown', reason: 'no-answer', detail: 'it has no unit of k3s' };
    }
    const unit = look.value;
    const phase = unitPhase(unit, now, host.earlier);
    if (phase === 'starting' && (nodes.state !== 'known' || isMissed(host, topology, now))) {
      const detail = 'it is starting: whether it gets there is not known yet';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    if (!(phase in failing)) return undefined;
    const since = failingSince(unit, now);
    return {
      verdict: 'fail',
      severity: 'critical',
      onset: { from: null, to: since },
      facts: {
        name: host.metadata.name,
        unit: unit.name,
        phase,
        state: `${unit.activeState} (${unit.subState})`,
        restarts: unit.restarts,
        result: unit.result,
        ...(typeof unit.exitStatus === 'number' && { exitStatus: unit.exitStatus }),
        ...exitCause(unit),
        forMs: now - since,
        ...k3sRole(host, topology),
      },
      evidence: [
        {
          object: refOf(host),
          field: `units[${unit.name}].activeState`,
          value: `${unit.activeState} (${unit.subState}), ${unit.restarts} restarts`,
          at: since,
        },
      ],
    };
  },
});

/** Its node's kubelet is not heard: where it is, a start is a restart that nobody need know of. */
function isMissed({ metadata }: Host, topology: Topology, now: Millis): boolean {
  const node = topology.nodeOfHost.get(metadata.name)?.metadata.name;
  return kubeletWord(node, topology, now).state === 'silent';
}

/** The first exit that its last lines still show, else its last: it may have begun long before. */
function failingSince({ log, exitedAt, startedAt, stateChangedAt }: Unit, now: Millis): Millis {
  const exits = log.filter(({ text }) => /Main process exited|Scheduled restart job/.test(text));
  const times = exits.flatMap(({ at }) => at ?? []);
  return Math.min(...times, exitedAt ?? startedAt ?? stateChangedAt ?? now);
}
