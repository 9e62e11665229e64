import * as z from 'zod';
import { minute } from '../../lib/time.ts';
import { defineCheck, type Verdict } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import { losesHaproxyAtOnce } from '../../model/kubernetes/node-haproxy.ts';
import { linkBroken } from '../../model/link-effects.ts';
import {
  type LinkSubject,
  ofClass,
  recordsOf,
  unseenLinks,
  uplinkSubjects,
} from '../../model/links.ts';
import type { Interface } from '../../model/objects/host/net.ts';
import type { Node } from '../../model/objects/node.ts';
import {
  adaptersBelow,
  carriesNodeAddress,
  hasDefaultRoute,
  interfaceNamed,
  interfacesOf,
} from '../../model/uplink.ts';

type Why = 'admin-down' | 'no-carrier' | 'lower-layer-down';

export const check = defineCheck({
  code: 'EK0003',
  id: 'link/link-down',
  title: 'Uplink down',
  layer: 'link',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes'],
  explains: [
    // While something else carries the node, its silence has another cause.
    ...[...linkBroken, ...losesHaproxyAtOnce('link')].map((each) => ({
      ...each,
      when: { breaks: true },
    })),
    // A bridge or a bond is down when what it stands on is.
    {
      effect: 'link/link-down',
      tie: 'link-links',
      strength: 0.6,
      within: minute,
      when: { master: /./ },
      signature: { master: '' },
    },
  ],
  options: z.object({}),
  subjects: ({ hosts, topology }) => uplinkSubjects(hosts, topology),
  judge(subject, { now, topology }) {
    const { host } = subject;
    if (subject.kind === 'Host' || host.interfaces.state !== 'known') return unseenLinks(host);
    const device = interfaceNamed(host, subject.metadata.name);
    // Gone, or under another name: other checks tell.
    const why = device && whyDown(device);
    if (!device || !why) return undefined;
    return fallen(subject, device, why, topology.nodeOfHost.get(host.metadata.name), now);
  },
});

function whyDown({ adminUp, carrier, operstate }: Interface): Why | undefined {
  if (!adminUp) return 'admin-down';
  if (operstate === 'lowerlayerdown') return 'lower-layer-down';
  // A tunnel's state is "unknown", and that is how it works.
  if (operstate === 'down' || operstate === 'notpresent') return 'no-carrier';
  return carrier === false && operstate !== 'unknown' ? 'no-carrier' : undefined;
}

function fallen(
  { host, metadata: { name } }: LinkSubject,
  device: Interface,
  why: Why,
  node: Node | undefined,
  now: number,
): Verdict {
  const logged = ofClass(recordsOf(host, name), 'link-down').at(-1);
  const others = device.master ? adaptersBelow(host, device.master) : [];
  const live = others
    .filter((each) => each.name !== name && !whyDown(each))
    .map((each) => each.name);
  const carries = carriesNodeAddress(host, node, name);
  // A bond goes on with what it has left, and a host with its other uplink.
  const breaks = live.length === 0 && (carries || !isCarriedByAnother(host, node, device));
  const isNeeded = breaks || (live.length === 0 && host.declared.uplink === name);
  return {
    verdict: 'fail',
    severity: isNeeded ? 'critical' : 'medium',
    onset: logged ? { from: logged.at, to: logged.at } : { from: lastSeenUp(host, name), to: now },
    facts: {
      name,
      host: host.metadata.name,
      why,
      operstate: device.operstate,
      master: device.master ?? '',
      live,
      carriesNodeAddress: carries,
      breaks,
    },
    evidence: [
      {
        object: linkRef(host.metadata.name, name),
        field: why === 'admin-down' ? 'interfaces[].adminUp' : 'interfaces[].operstate',
        value: why === 'admin-down' ? device.adminUp : device.operstate,
        at: now,
      },
    ],
  };
}

/** The node's address, or a default route where there is no node, is on a link that is up. */
function isCarriedByAnother(
  host: LinkSubject['host'],
  node: Node | undefined,
  { name, master }: Interface,
): boolean {
  return (
    interfacesOf(host)
      .filter((each) => each.name !== name && each.name !== master)
      // A tunnel, whose state is "unknown", goes through the uplink itself.
      .filter((each) => each.operstate === 'up' && !whyDown(each))
      .some((each) =>
        node ? carriesNodeAddress(host, node, each.name) : hasDefaultRoute(host, each.name),
      )
  );
}

/** The baseline was recorded while all was well. */
function lastSeenUp({ baseline }: LinkSubject['host'], name: string): number | null {
  return baseline?.uplink?.name === name ? baseline.recordedAt : null;
}
