import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { prefixCovers } from '../../lib/prefix.ts';
import { minute } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { carriesK3s, k3sUnit, unitPhase } from '../../model/kubernetes/k3s-unit.ts';
import { kubeletWord } from '../../model/kubernetes/kubelet-word.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { type Look, unseen } from '../../model/objects/host/look.ts';
import type { Unit } from '../../model/objects/host/system.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

/** A kubelet leaves so many chains of its own (a hint, a canary) in the backend that it guesses. */
const ownChains = 3;

/** By then kube-proxy has asked the API server and written its rules. */
const settledMs: Millis = 2 * minute;

export const check = defineCheck({
  code: 'EK1012',
  id: 'host/firewall',
  title: 'Firewall in the way of the cluster',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes', 'leases'],
  explains: [
    {
      effect: 'workload/crash-loop',
      tie: 'host-pods',
      strength: 0.4,
      within: Infinity,
      signature: { why: ['timeout', 'network-unreachable', 'dns'] },
    },
  ],
  options: z.object({
    networks: z
      .array(z.string())
      .default(['10.42.0.0/16', '10.43.0.0/16'])
      .describe('networks of the pods and of the Services'),
  }),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now, topology }, { networks }) {
    const { firewall } = host;
    if (firewall.state === 'unknown') return unseen(firewall);
    if (firewall.state === 'absent') return undefined;
    const { fronts, allows, kubeChains, iptablesBackend } = firewall.value;
    const missing = fronts.length > 0 ? notAllowed(host, topology, networks) : [];
    const why = missing.length > 0 ? 'front' : chainTrouble(host);
    if (!why) return undefined;
    const unit = k3sUnit(host);
    if (why === 'flushed' && unit.state === 'unknown') return unseen(unit);
    if (why === 'flushed' && !hasSettled(host, unit, topology, now)) return undefined;
    const value =
      why === 'front'
        ? missing
        : [`nft: ${kubeChains.nft ?? '?'}`, `legacy: ${kubeChains.legacy ?? '?'}`];
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to: now },
      facts: {
        name: host.metadata.name,
        why,
        fronts,
        allows,
        missing,
        nftChains: kubeChains.nft ?? 0,
        legacyChains: kubeChains.legacy ?? 0,
        backend: iptablesBackend ?? 'unknown',
      },
      evidence: [
        {
          object: refOf(host),
          field: why === 'front' ? 'firewall.allows' : 'firewall.kubeChains',
          value,
          at: now,
        },
      ],
    };
  },
});

/** What the cluster needs and no rule of the front lets in, as its rules would name it. */
function notAllowed(host: Host, topology: Topology, networks: readonly string[]): string[] {
  const allows = host.firewall.state === 'known' ? host.firewall.value.allows : [];
  const lets = (prefix: string): boolean => allows.some((rule) => prefixCovers(rule, prefix));
  const peers = [...topology.nodes.values()].flatMap(({ status }) =>
    (status.addresses ?? []).flatMap(({ type, address }) => (type === 'InternalIP' ? address : [])),
  );
  const missing = networks.filter((each) => !lets(each));
  if (peers.length > 0 && peers.every(lets)) return missing;
  const tunnel = interfacesOf(host).some((name) => name === 'flannel.1' || name === 'cilium_vxlan');
  const ports = [...(tunnel ? ['8472/udp'] : []), '10250/tcp'];
  const names = (port: string): RegExp => new RegExp(`\\b${port.split('/')[0]}\\b`);
  return [...missing, ...ports.filter((port) => !allows.some((rule) => names(port).test(rule)))];
}

/** Rules of kube-proxy in both tables, or in none though there is nobody else to do its work. */
function chainTrouble(host: Host): 'both-backends' | 'flushed' | undefined {
  if (host.firewall.state !== 'known') return undefined;
  const { kubeChains, kubeProxyNftTable } = host.firewall.value;
  const { nft, legacy } = kubeChains;
  if (typeof nft !== 'number' || typeof legacy !== 'number') return undefined;
  if (nft > ownChains && legacy > ownChains) return 'both-backends';
  const running = host.kubelet.state === 'known' && host.kubelet.value.running;
  if (!running || nft + legacy > ownChains || kubeProxyNftTable !== false) return undefined;
  const interfaces = interfacesOf(host);
  // Cilium and IPVS do it without; and where interfaces were not seen, that cannot be told.
  const others = interfaces.some((name) => /^(cilium|kube-ipvs)/.test(name));
  return interfaces.length === 0 || others ? undefined : 'flushed';
}

/** k3s has run for a while and reaches the API server: else nobody has written any rules yet. */
function hasSettled(
  { earlier, metadata }: Host,
  unit: Look<Unit>,
  topology: Topology,
  now: Millis,
): boolean {
  if (unit.state !== 'known' || unitPhase(unit.value, now, earlier) !== 'running') return false;
  if (now - (unit.value.activeSinceAt ?? now) < settledMs) return false;
  const node = topology.nodeOfHost.get(metadata.name)?.metadata.name;
  return kubeletWord(node, topology, now).state !== 'silent';
}

function interfacesOf({ interfaces }: Host): readonly string[] {
  return interfaces.state === 'known' ? interfaces.value.map(({ name }) => name) : [];
}
