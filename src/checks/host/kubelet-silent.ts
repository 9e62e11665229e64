import * as z from 'zod';
import { minute } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { carriesK3s, k3sUnit, unitPhase } from '../../model/kubernetes/k3s-unit.ts';
import { kubeletWord } from '../../model/kubernetes/kubelet-word.ts';
import { silencesNode } from '../../model/kubernetes/silenced.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

export const check = defineCheck({
  code: 'EK1027',
  id: 'host/kubelet-silent',
  title: 'k3s runs, and its kubelet is silent',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes', 'leases'],
  explains: silencesNode(0.9),
  unseen: {
    candidates: [
      'a kubelet that hangs',
      'the container runtime',
      {
        name: 'its disks',
        tie: 'same-subject',
        shownBy: ['host/hung-task', 'host/disk-latency', 'host/read-only-fs'],
      },
      { name: 'its link', tie: 'link-host', shownBy: ['link/link-down', 'link/interface-renamed'] },
      { name: 'its way to the API server', tie: 'same-subject', shownBy: ['host/api-path-cut'] },
    ],
    decide: "ssh {name} 'journalctl -u k3s -u k3s-agent -n 100; ps -eo pid,stat,wchan,comm'",
    // Kubelets do not hang together: what several of them speak to does.
    shared: "the API server's address, its certificate or its clock",
  },
  options: z.object({
    startMs: z
      .number()
      .default(2 * minute)
      .describe('how long after its start a kubelet may be silent'),
  }),
  // Where the API has no such node, nobody waits for its word.
  subjects: ({ hosts, topology }) =>
    hosts.filter(
      (host) => carriesK3s(host, topology) && topology.nodeOfHost.has(host.metadata.name),
    ),
  judge(host, { now, topology }, { startMs }) {
    const node = topology.nodeOfHost.get(host.metadata.name)?.metadata.name;
    const word = kubeletWord(node, topology, now);
    if (word.state === 'heard') return undefined;
    const look = k3sUnit(host);
    if (look.state === 'unknown') return unseen(look);
    if (word.state === 'unknown') {
      const detail = 'neither its Lease nor its Ready condition tells whether it is heard';
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    if (look.state === 'absent') return undefined;
    const unit = look.value;
    if (unitPhase(unit, now, host.earlier) !== 'running' || isCut(host, topology)) return undefined;
    if (now - (unit.activeSinceAt ?? 0) < startMs) return undefined;
    const { serverPath } = host;
    return {
      verdict: 'fail',
      severity: 'critical',
      onset: { from: word.heardAt, to: word.silentAt },
      facts: {
        name: host.metadata.name,
        node: node ?? '',
        unit: unit.name,
        forMs: now - (word.heardAt ?? word.silentAt),
        path: serverPath.state === 'known' ? 'flowing' : 'not-seen',
        lastLine: unit.log.at(-1)?.text ?? '',
      },
      evidence: [
        {
          object: refOf(host),
          field: `units[${unit.name}].activeState`,
          value: unit.activeState,
          at: now,
        },
      ],
    };
  },
});

/** Its words do not arrive: see host/api-path-cut. A server's own have no way to go. */
function isCut(host: Host, topology: Topology): boolean {
  if (host.serverPath.state !== 'known') return false;
  if (k3sRole(host, topology).role === 'server') return false;
  const { stalled, connecting } = host.serverPath.value;
  return stalled + connecting > 0;
}
