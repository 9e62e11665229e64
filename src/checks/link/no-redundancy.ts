import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { listed } from '../../model/facet.ts';
import { linkRef } from '../../model/hosts.ts';
import { unseenLinks, usbSubjects } from '../../model/links.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Interface } from '../../model/objects/host/net.ts';
import { interfacesOf, uplinksOf } from '../../model/uplink.ts';

export const check = defineCheck({
  code: 'EK0013',
  id: 'link/no-redundancy',
  title: 'One adapter on USB carries the host',
  layer: 'link',
  kind: 'posture',
  severity: 'low',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes'],
  explains: [
    { effect: 'link/usb-nic-disconnected', tie: 'same-subject', strength: 0.2, within: Infinity },
    { effect: 'link/link-down', tie: 'same-subject', strength: 0.2, within: Infinity },
  ],
  options: z.object({}),
  subjects: ({ hosts, topology }) =>
    usbSubjects(hosts).filter(
      (each) =>
        each.kind === 'Host' ||
        uplinksOf(each.host, topology.nodeOfHost.get(each.host.metadata.name)).includes(
          each.adapter.name,
        ),
    ),
  judge(subject, { nodes, now }) {
    const { host } = subject;
    if (subject.kind === 'Host') return unseenLinks(host);
    // A cluster of one has nothing to be cut off from.
    if (nodes.state === 'known' && listed(nodes).length === 1) return undefined;
    const { name, path } = subject.adapter;
    const others = liveAdapters(host).filter((each) => each.name !== name);
    if (others.length > 0) return undefined;
    return {
      verdict: 'fail',
      severity: 'low',
      onset: { from: null, to: now },
      facts: { name, host: host.metadata.name, usb: path },
      evidence: [
        {
          object: linkRef(host.metadata.name, name),
          field: 'interfaces[].bus',
          value: 'usb',
          at: now,
        },
      ],
    };
  },
});

/** Adapters with a cable in: whether as members of a bond, or with a way of their own. */
function liveAdapters(host: Host): readonly Interface[] {
  return interfacesOf(host).filter(
    ({ adminUp, bus, carrier, operstate }) =>
      bus !== 'virtual' && adminUp && operstate === 'up' && carrier !== false,
  );
}
