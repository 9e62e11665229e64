import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { carriesK3s } from '../../model/kubernetes/k3s-unit.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

/** From this minor version on a kubelet refuses cgroup v1 unless it is told not to. */
const refusingMinor = 35;

export const check = defineCheck({
  code: 'EK1011',
  id: 'host/cgroup-v1',
  title: 'cgroup v1, which kubelets refuse',
  layer: 'host',
  kind: 'posture',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes'],
  explains: [
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.9,
      within: Infinity,
      signature: { why: 'cgroup' },
    },
  ],
  options: z.object({}),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now, topology }) {
    const { system, k3s } = host;
    if (system.state === 'unknown') return unseen(system);
    if (system.state === 'absent' || system.value.cgroupVersion !== 1) return undefined;
    const args = k3s.state === 'known' ? k3s.value.kubeletArgs : [];
    if (args.some((each) => /^(--)?fail-cgroupv1=false$/i.test(each))) return undefined;
    const version = versionOf(host, topology);
    const minor = Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? 0);
    const refuses = minor >= refusingMinor;
    // That it runs shows that somebody has allowed it, in a file that was not read.
    if (refuses && host.kubelet.state === 'unknown') return unseen(host.kubelet);
    if (refuses && host.kubelet.state === 'known' && host.kubelet.value.running) return undefined;
    const { name } = host.metadata;
    return {
      verdict: 'fail',
      // What its kubelet is told may not be seen: it may have been allowed.
      severity: k3s.state === 'known' ? 'high' : 'medium',
      onset: { from: null, to: now },
      facts: { name, version, refuses, argsSeen: k3s.state === 'known' },
      evidence: [{ object: refOf(host), field: 'system.cgroupVersion', value: 1, at: now }],
    };
  },
});

/** `v1.36.3+k3s1`: what is installed, else what last spoke to the API. */
function versionOf({ k3s, metadata }: Host, topology: Topology): string {
  const installed = k3s.state === 'known' ? k3s.value.version : undefined;
  const spoken = topology.nodeOfHost.get(metadata.name)?.status.nodeInfo?.kubeletVersion;
  return installed ?? spoken ?? '';
}
