import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import { uplinkSubjects } from '../../model/links.ts';
import { type Networkd, networkFileFor } from '../../model/networkd.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { interfacesOf } from '../../model/uplink.ts';

/** Names as CNI plugins give them; each stands for its kind. */
const cniNames = [
  'veth1a2b3c4d',
  'lxc1a2b3c4d5e6f',
  'lxc_health',
  'cilium_host',
  'cilium_net',
  'cilium_vxlan',
  'cni0',
  'flannel.1',
  'cali1a2b3c4d5e6',
  'vxlan.calico',
] as const;

/** Interfaces of CNIs that add routes and rules of their own to the machine's tables. */
const routing = /^(?:cilium_host|cali[0-9a-f]+|vxlan\.calico|tunl0)$/;

export const check = defineCheck({
  code: 'EK0012',
  id: 'link/networkd-may-grab-cni',
  title: 'systemd-networkd may take pod interfaces',
  layer: 'link',
  kind: 'posture',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    { effect: 'link/interface-renamed', tie: 'same-subject', strength: 0.2, within: Infinity },
    { effect: 'node/not-ready', tie: 'link-node', strength: 0.1, within: Infinity },
  ],
  options: z.object({}),
  // A machine's networkd is one: it is told of the first link that carries the machine.
  subjects({ hosts, topology }) {
    const seen = new Set<Host>();
    return uplinkSubjects(hosts, topology).filter(
      ({ host }) => host.networkd.state !== 'absent' && !seen.has(host) && seen.add(host),
    );
  },
  judge(subject, { now }) {
    const { host, metadata } = subject;
    if (host.networkd.state !== 'known') {
      const { networkd } = host;
      return networkd.state === 'unknown' ? unseen(networkd) : undefined;
    }
    const networkd = host.networkd.value;
    if (!networkd.active) return undefined;
    const taken = takenBy(networkd);
    const foreign = foreignRules(host, networkd);
    if (taken.length === 0 && foreign.length === 0) return undefined;
    const files = [...new Set(taken.map((each) => each.path))].sort();
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to: now },
      facts: {
        name: metadata.name,
        host: host.metadata.name,
        why: taken.length > 0 ? 'matched' : 'foreign-routes',
        files,
        interfaces: taken.map((each) => each.name),
        settings: foreign,
      },
      evidence: [
        {
          object: linkRef(host.metadata.name, metadata.name),
          field: taken.length > 0 ? 'networkd.files[].matchNames' : 'networkd.manageForeignRoutes',
          value: taken.length > 0 ? files : foreign,
          at: now,
        },
      ],
    };
  },
});

function takenBy({ files }: Networkd): readonly { readonly name: string; readonly path: string }[] {
  return cniNames.flatMap((name) => {
    const file = networkFileFor(files, name);
    return file && !file.unmanaged ? [{ name, path: file.path }] : [];
  });
}

/** systemd's own default is to drop what it did not set, on links that it manages. */
function foreignRules(host: Host, networkd: Networkd): readonly string[] {
  const names = interfacesOf(host).map(({ name }) => name);
  if (!names.some((name) => routing.test(name))) return [];
  const manages = names.some((name) => {
    const file = networkFileFor(networkd.files, name);
    return file !== undefined && !file.unmanaged;
  });
  if (!manages) return [];
  return [
    ...(networkd.manageForeignRoutes === false ? [] : ['ManageForeignRoutes']),
    ...(networkd.manageForeignRoutingPolicyRules === false
      ? []
      : ['ManageForeignRoutingPolicyRules']),
  ];
}
