import * as z from 'zod';
import { minute } from '../../lib/time.ts';
import { defineCheck, type Verdict } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
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
import { adaptersBelow, carriesNodeAddress, interfaceNamed } from '../../model/uplink.ts';

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
    ...linkBroken,
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
  return {
    verdict: 'fail',
    // A bond goes on with what it has left.
    severity: live.length > 0 ? 'medium' : 'critical',
    onset: logged ? { from: logged.at, to: logged.at } : { from: lastSeenUp(host, name), to: now },
    facts: {
      name,
      host: host.metadata.name,
      why,
      operstate: device.operstate,
      master: device.master ?? '',
      live,
      carriesNodeAddress: carriesNodeAddress(host, node, name),
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

/** The baseline was recorded while all was well. */
function lastSeenUp({ baseline }: LinkSubject['host'], name: string): number | null {
  return baseline?.uplink?.name === name ? baseline.recordedAt : null;
}
