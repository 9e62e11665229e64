import * as z from 'zod';
import { hour } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import {
  type LinkSubject,
  ofClass,
  recordsOf,
  unseenLinks,
  uplinkSubjects,
} from '../../model/links.ts';
import { unseen } from '../../model/objects/host/look.ts';
import type { Interface } from '../../model/objects/host/net.ts';
import { interfaceNamed } from '../../model/uplink.ts';
import { type UsbAdapter, usbAdaptersOf } from '../../model/usb-adapters.ts';

/** A speed as it is, and the best that is known of that very thing. */
interface Speed {
  readonly of: 'link' | 'usb';
  readonly nowMbps: number;
  readonly bestMbps: number;
  readonly field: string;
}

export const check = defineCheck({
  code: 'EK0004',
  id: 'link/link-slow',
  title: 'Link slower than it was',
  layer: 'link',
  kind: 'event',
  severity: 'medium',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [{ effect: 'link/retransmits-high', tie: 'same-subject', strength: 0.3, within: hour }],
  options: z.object({}),
  // The speed of a veth is always 10,000, whatever it is.
  subjects: ({ hosts, topology }) =>
    uplinkSubjects(hosts, topology, { usb: true }).filter(
      (each) =>
        each.kind === 'Host' || interfaceNamed(each.host, each.metadata.name)?.bus !== 'virtual',
    ),
  judge(subject, { now }) {
    const { host } = subject;
    if (subject.kind === 'Host' || host.interfaces.state !== 'known') return unseenLinks(host);
    const { name } = subject.metadata;
    const device = interfaceNamed(host, name);
    // Down or gone, it has no speed.
    if (!device || device.operstate !== 'up') return undefined;
    const speeds = [usbSpeed(subject), linkSpeed(subject)].flatMap((each) => each ?? []);
    if (speeds.length === 0) return notCompared(subject, device);
    const slow = speeds.find((each) => each.nowMbps < each.bestMbps);
    if (!slow) return undefined;
    return {
      verdict: 'fail',
      severity: 'medium',
      onset: onsetOf(subject, slow, now),
      facts: {
        name,
        host: host.metadata.name,
        of: slow.of,
        nowMbps: slow.nowMbps,
        bestMbps: slow.bestMbps,
      },
      evidence: [
        {
          object: linkRef(host.metadata.name, name),
          field: slow.field,
          value: slow.nowMbps,
          at: now,
        },
      ],
    };
  },
});

/** An adapter that tells no speed can never be compared, nor one that its baseline knows none of. */
function notCompared(
  { host, metadata: { name } }: LinkSubject,
  { bus, speedMbps }: Interface,
): ReturnType<typeof unseen> | undefined {
  const told = [speedMbps, usbDeviceOf(host, name)?.speedMbps].some((each) => each && each > 0);
  if (!told) return bus === 'usb' && host.usb.state === 'unknown' ? unseen(host.usb) : undefined;
  if (host.baseline) return undefined;
  return unseen({
    reason: 'not-collected',
    detail: 'no speed of a better day is known to compare with (--record-baseline)',
  });
}

/** The log may say when it came up at that speed. */
function onsetOf(
  { host, metadata: { name } }: LinkSubject,
  { nowMbps }: Speed,
  now: number,
): { from: number | null; to: number } {
  const since = ofClass(recordsOf(host, name), 'usb-attach', 'link-up', 'link-speed').findLast(
    (each) => each.speedMbps === nowMbps,
  );
  if (since) return { from: since.at, to: since.at };
  return { from: host.baseline?.recordedAt ?? null, to: now };
}

/** A SuperSpeed adapter that came up as a high-speed one moves 300 Mbit/s at best. */
function usbSpeed({ host, metadata: { name } }: LinkSubject): Speed | undefined {
  const device = usbDeviceOf(host, name);
  if (!device?.speedMbps) return undefined;
  const { uplink } = host.baseline ?? {};
  const best = fastest([
    uplink?.name === name ? uplink.usbSpeedMbps : undefined,
    device.capableMbps,
    ...attachSpeeds(host, name),
  ]);
  if (best === undefined) return undefined;
  return { of: 'usb', nowMbps: device.speedMbps, bestMbps: best, field: 'usb[].speedMbps' };
}

function usbDeviceOf(host: LinkSubject['host'], name: string): UsbAdapter['device'] {
  return usbAdaptersOf(host).find((each) => each.name === name)?.device;
}

/** At the same place on USB 2 and USB 3 a device has two paths: the log ties both to the interface. */
function attachSpeeds(
  host: LinkSubject['host'],
  name: string,
): readonly (number | null | undefined)[] {
  if (host.kernel.state !== 'known') return [];
  const paths = new Set(recordsOf(host, name).flatMap(({ usb }) => usb ?? []));
  const here = host.kernel.value.records.filter(({ usb }) => usb && paths.has(usb));
  return ofClass(here, 'usb-attach').map(({ speedMbps }) => speedMbps);
}

function linkSpeed({ host, metadata: { name } }: LinkSubject): Speed | undefined {
  const nowMbps = interfaceNamed(host, name)?.speedMbps;
  if (!nowMbps || nowMbps < 0) return undefined;
  const { uplink } = host.baseline ?? {};
  const best = fastest([
    uplink?.name === name ? uplink.speedMbps : undefined,
    ...ofClass(recordsOf(host, name), 'link-up', 'link-speed').map((each) => each.speedMbps),
  ]);
  if (best === undefined) return undefined;
  return { of: 'link', nowMbps, bestMbps: best, field: 'interfaces[].speedMbps' };
}

function fastest(speeds: readonly (number | null | undefined)[]): number | undefined {
  const known = speeds.flatMap((each) => (each ? [each] : []));
  return known.length > 0 ? Math.max(...known) : undefined;
}
