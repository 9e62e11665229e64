import * as z from 'zod';
import { hour } from '../../lib/time.ts';
import { baselineDevice } from '../../model/baseline-device.ts';
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
  usbSubjects,
} from '../../model/links.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Node } from '../../model/objects/node.ts';
import {
  hasDefaultRoute,
  holdsNodeAddress,
  interfaceNamed,
  interfacesOf,
  internalAddresses,
} from '../../model/uplink.ts';
import type { UsbAdapter } from '../../model/usb-adapters.ts';

type Lost = LinkSubject & { readonly adapter?: UsbAdapter };

export const check = defineCheck({
  code: 'EK0001',
  id: 'link/usb-nic-disconnected',
  title: 'Network adapter gone',
  layer: 'link',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes'],
  explains: [
    // A bridge goes down with the one adapter that it has.
    {
      effect: 'link/link-down',
      tie: 'link-links',
      strength: 0.5,
      within: hour,
      signature: { master: '' },
    },
    ...linkBroken,
    ...losesHaproxyAtOnce('link', { carriedNodeAddress: true }),
  ],
  options: z.object({
    pastMs: z
      .number()
      .default(hour)
      .describe('how long an adapter that came back stays a candidate cause'),
  }),
  subjects({ hosts, topology }) {
    const usb = usbSubjects(hosts).filter((each) => each.kind === 'Link');
    const seen = new Set(usb.map(keyOf));
    const lit = new Set(usb.map(({ host }) => host));
    // Whatever carries the host may vanish: a container's veth as well.
    const others = uplinkSubjects(hosts, topology).filter(
      (each) => !seen.has(keyOf(each)) && !(each.kind === 'Host' && lit.has(each.host)),
    );
    return [...usb, ...others];
  },
  judge(subject, { now, topology }, { pastMs }) {
    const { host } = subject;
    if (subject.kind === 'Host' || host.interfaces.state !== 'known') return unseenLinks(host);
    const link: Lost = subject;
    if (!isGone(link)) return comeBack(link, now, pastMs);
    const node = topology.nodeOfHost.get(host.metadata.name);
    const carried = carriedNodeAddress(link, node);
    const unplugged = ofClass(lastRecords(link), 'usb-disconnect').at(-1);
    if (!unplugged && isMereName(link, node)) {
      const detail = `there is no ${link.metadata.name}, nothing shows that there was, and the host does without`;
      return { verdict: 'unknown', reason: 'no-answer', detail };
    }
    const object = linkRef(host.metadata.name, link.metadata.name);
    const field = unplugged ? 'kernel.records[usb-disconnect]' : 'interfaces[].name';
    return {
      verdict: 'fail',
      severity: carried ? 'critical' : 'high',
      onset: unplugged
        ? { from: unplugged.at, to: unplugged.at }
        : { from: host.baseline?.recordedAt ?? null, to: now },
      facts: factsOf(link, carried, unplugged !== undefined),
      evidence: [{ object, field, value: unplugged?.text ?? null, at: unplugged?.at ?? now }],
    };
  },
});

function keyOf({
  kind,
  host,
  metadata,
}: {
  kind: string;
  host: Host;
  metadata: { name: string };
}): string {
  return `${kind}/${host.metadata.name}/${metadata.name}`;
}

function isGone({ adapter, host, metadata: { name } }: Lost): boolean {
  if (adapter) return adapter.interface === undefined;
  if (interfaceNamed(host, name)) return false;
  // Under another name it is not gone: link/interface-renamed tells.
  if (host.baseline?.uplink?.name === name) return baselineDevice(host)?.state === 'gone';
  const renamed = ofClass(host.kernel.state === 'known' ? host.kernel.value.records : [], 'rename');
  return !renamed.some((each) => each.from === name && interfaceNamed(host, each.interface ?? ''));
}

/** It is named in `evenkeel.yaml` alone, and another interface carries what it should. */
function isMereName({ adapter, host, metadata: { name } }: Lost, node: Node | undefined): boolean {
  if (adapter || host.baseline?.uplink?.name === name) return false;
  const held = holdsNodeAddress(host, node);
  return held ?? interfacesOf(host).some((each) => hasDefaultRoute(host, each.name));
}

/** It went and came back once; more often is link/usb-nic-flapping. */
function comeBack(link: Lost, now: number, pastMs: number): Verdict {
  const records = lastRecords(link).filter(({ at }) => now - at <= pastMs);
  const [unplugged, ...again] = ofClass(records, 'usb-disconnect');
  if (!unplugged || unplugged.count > 1 || again.length > 0) return undefined;
  const since = ofClass(records, 'usb-attach', 'link-up').filter(({ at }) => at >= unplugged.at);
  const { host, metadata } = link;
  const object = linkRef(host.metadata.name, metadata.name);
  return {
    verdict: 'past',
    onset: { from: unplugged.at, to: unplugged.at },
    endedAt: since.at(-1)?.at ?? now,
    facts: factsOf(link, false, true),
    evidence: [
      {
        object,
        field: 'kernel.records[usb-disconnect]',
        value: unplugged.text,
        at: unplugged.at,
      },
    ],
  };
}

function lastRecords({ adapter, host, metadata }: Lost): ReturnType<typeof recordsOf> {
  if (!adapter || host.kernel.state !== 'known') return recordsOf(host, metadata.name);
  return host.kernel.value.records
    .filter((each) => each.usb === adapter.path)
    .toSorted((a, b) => a.at - b.at);
}

/** It was the way to the node, or the node's address is nowhere now. */
function carriedNodeAddress({ host, metadata: { name } }: Lost, node: Node | undefined): boolean {
  if (!node) return false;
  const { baseline, declared } = host;
  if (baseline?.uplink?.name === name || declared.uplink === name) {
    return !baseline?.address || internalAddresses(node).includes(baseline.address);
  }
  return holdsNodeAddress(host, node) === false;
}

function factsOf({ adapter, host, metadata: { name } }: Lost, carried: boolean, proven: boolean) {
  return {
    name,
    host: host.metadata.name,
    usb: adapter?.path ?? '',
    carriedNodeAddress: carried,
    proof: proven ? 'kernel-log' : 'baseline',
  };
}
