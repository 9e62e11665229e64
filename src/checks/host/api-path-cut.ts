import * as z from 'zod';
import { minute } from '../../lib/time.ts';
import { hostOfUrl } from '../../lib/url.ts';
import { defineCheck } from '../../model/check.ts';
import { k3sRole, serverHosts } from '../../model/kubernetes/k3s-role.ts';
import { carriesK3s, isUp, k3sUnit } from '../../model/kubernetes/k3s-unit.ts';
import { kubeletWord } from '../../model/kubernetes/kubelet-word.ts';
import { silencesNode } from '../../model/kubernetes/silenced.ts';
import { containerState } from '../../model/objects/host/container-state.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

const timeouts =
  /(dial tcp|https:\/\/).*(i\/o timeout|deadline exceeded|no route to host|network is unreachable)|TLS handshake timeout|http2: client connection lost/i;

export const check = defineCheck({
  code: 'EK1026',
  id: 'host/api-path-cut',
  title: 'No way from the kubelet to the API server',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes', 'leases'],
  explains: [
    ...silencesNode(0.95),
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.7,
      within: Infinity,
      signature: { why: 'server-unreachable' },
    },
  ],
  unseen: {
    candidates: ['a firewall', 'a switch', 'a cable'],
    decide: "ssh {name} 'ss -tnoi state established; ip route; ip neigh'",
    shared: [{ what: 'a switch', as: 'switch' }, { what: 'a firewall' }],
  },
  options: z.object({
    recentMs: z
      .number()
      .default(2 * minute)
      .describe('how old a timeout in the log of k3s may be'),
  }),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now, topology }, { recentMs }) {
    const { serverPath, metadata } = host;
    const node = topology.nodeOfHost.get(metadata.name)?.metadata.name;
    const word = kubeletWord(node, topology, now);
    // What was heard of got through, whatever the connections look like.
    if (word.state === 'heard' || serverPath.state === 'absent') return undefined;
    // A server speaks to itself: no way leads out of the machine.
    if (k3sRole(host, topology).role === 'server') return undefined;
    if (isUp(host, now) === false && !waitsForServer(host)) return undefined;
    if (isServerDown(host, topology, now)) return undefined;
    const line = timeoutOf(host, now - recentMs);
    if (serverPath.state === 'unknown' && line === undefined) return unseen(serverPath);
    const path = serverPath.state === 'known' ? serverPath.value : undefined;
    // A connection on which nothing was sent since the cut looks well.
    const idle = word.state === 'silent' || path?.flowing === 0;
    const stuck = path !== undefined && idle && path.stalled + path.connecting > 0;
    if (!stuck && line === undefined) return undefined;
    return {
      verdict: 'fail',
      severity: word.state === 'silent' ? 'critical' : 'high',
      onset: { from: word.heardAt, to: word.silentAt },
      facts: {
        name: metadata.name,
        server: path ? `${path.address}:${path.port}` : 'unknown',
        why: stuck ? (path.stalled > 0 ? 'stalled' : 'no-answer') : 'timeouts',
        stalled: path?.stalled ?? 0,
        connecting: path?.connecting ?? 0,
        line: line ?? '',
        kubelet: word.state,
      },
      evidence: [
        stuck
          ? { object: refOf(host), field: 'serverPath.stalled', value: path.stalled, at: now }
          : { object: refOf(host), field: 'units[].log', value: line ?? '', at: now },
      ],
    };
  },
});

/** A unit that cannot reach its server stays in its start: then that is the same fault. */
function waitsForServer(host: Host): boolean {
  const unit = k3sUnit(host);
  return unit.state === 'known' && unit.value.activeState === 'activating';
}

/** The server that it would speak to is gone: that is the cause, and no cut. */
function isServerDown({ serverPath, k3s }: Host, topology: Topology, now: number): boolean {
  const address = serverPath.state === 'known' ? serverPath.value.address : undefined;
  const told = k3s.state === 'known' ? hostOfUrl(k3s.value.serverUrl) : undefined;
  const servers = serverHosts(topology);
  const asked = servers.filter(({ declared, metadata }) =>
    [metadata.name, ...declared.addresses].some((each) => each === address || each === told),
  );
  const concerned = asked.length > 0 ? asked : servers;
  return (
    concerned.length > 0 &&
    concerned.every((server) => containerState(server) !== undefined || isUp(server, now) === false)
  );
}

function timeoutOf(host: Host, since: number): string | undefined {
  const unit = k3sUnit(host);
  if (unit.state !== 'known') return undefined;
  return unit.value.log.findLast(({ at, text }) => (at ?? 0) >= since && timeouts.test(text))?.text;
}
