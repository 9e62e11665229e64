import * as z from 'zod';
import { hour, minute, second } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import { occurrences, ofClass, unseenLinks, usbSubjects } from '../../model/links.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { KernelClass, KernelRecord } from '../../model/objects/host/kernel.ts';
import { unseen } from '../../model/objects/host/look.ts';
import type { UsbAdapter } from '../../model/usb-adapters.ts';

/** Trouble of the device itself, of the port it is in, or of the hub above. */
const busClasses: readonly KernelClass[] = [
  'usb-reset',
  'usb-reset-failed',
  'usb-enumeration-error',
  'usb-port-error',
  'usb-over-current',
];

/** What a driver says of a device that does not answer it. */
const driverClasses: readonly KernelClass[] = [
  'register-error',
  'interrupt-error',
  'transmit-error',
];

/** A driver may notice before the bus does that its device was pulled out. */
const lastWordsMs = 5 * second;

export const check = defineCheck({
  code: 'EK0008',
  id: 'link/usb-bus-trouble',
  title: 'Trouble on the USB bus of an adapter',
  layer: 'link',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    { effect: 'link/usb-nic-disconnected', tie: 'same-subject', strength: 0.7, within: hour },
    { effect: 'link/usb-nic-flapping', tie: 'same-subject', strength: 0.6, within: hour },
    { effect: 'link/tx-timeout', tie: 'same-subject', strength: 0.5, within: hour },
    { effect: 'link/link-down', tie: 'same-subject', strength: 0.4, within: hour },
    { effect: 'link/link-slow', tie: 'same-subject', strength: 0.4, within: hour },
    { effect: 'link/errors-rising', tie: 'same-subject', strength: 0.4, within: hour },
  ],
  options: z.object({
    windowMs: z.number().default(hour).describe('how old a record may be'),
    recentMs: z
      .number()
      .default(15 * minute)
      .describe('how long after the last record it is taken as going on'),
    resets: z
      .number()
      .default(2)
      .describe('so many resets within that time are trouble; one may be a resume from sleep'),
    probeMs: z
      .number()
      .default(minute)
      .describe('how long after it is plugged in, or after boot, a driver may reset its device'),
  }),
  subjects: ({ hosts }) => usbSubjects(hosts),
  judge(subject, { now }, options) {
    const { host } = subject;
    if (subject.kind === 'Host' || host.interfaces.state !== 'known') return unseenLinks(host);
    if (host.kernel.state !== 'known') {
      const detail = 'the host has no log of its kernel';
      return unseen(
        host.kernel.state === 'unknown' ? host.kernel : { reason: 'no-answer', detail },
      );
    }
    const records = troubleOf(host, subject.adapter, now, options);
    const [first] = records;
    const last = records.at(-1);
    if (!first || !last) return undefined;
    const dead = ofClass(records, 'xhci-dead').at(-1);
    const worst = dead ?? last;
    const facts = {
      name: subject.metadata.name,
      host: host.metadata.name,
      usb: subject.adapter.path,
      classes: [...new Set(records.map((each) => each.class))].sort(),
      times: occurrences(records, first.at),
      controllerDead: dead !== undefined,
      controller: dead?.about ?? '',
      lastAt: last.at,
    };
    const object = linkRef(host.metadata.name, subject.metadata.name);
    const evidence = [
      { object, field: `kernel.records[${worst.class}]`, value: worst.text, at: worst.at },
    ];
    const onset = { from: first.at, to: first.at };
    if (!dead && now - last.at > options.recentMs) {
      return { verdict: 'past', onset, endedAt: last.at, facts, evidence };
    }
    return { verdict: 'fail', severity: dead ? 'critical' : 'high', onset, facts, evidence };
  },
});

interface Limits {
  readonly windowMs: number;
  readonly resets: number;
  readonly probeMs: number;
}

/** Records that concern this adapter, oldest first. */
function troubleOf(
  host: Host,
  adapter: UsbAdapter,
  now: number,
  limits: Limits,
): readonly KernelRecord[] {
  const log = host.kernel.state === 'known' ? host.kernel.value.records : [];
  const records = log.toSorted((a, b) => a.at - b.at);
  const bootedAt = host.system.state === 'known' ? host.system.value.bootedAt : -Infinity;
  const recent = records.filter(({ at }) => now - at <= limits.windowMs);
  const ends = ofClass(records, 'usb-disconnect').filter(({ usb }) => usb === adapter.path);
  const own = recent.filter(
    (each) =>
      concerns(each.usb, adapter.path) &&
      (busClasses.includes(each.class) ||
        (driverClasses.includes(each.class) &&
          !ends.some(({ at }) => Math.abs(at - each.at) <= lastWordsMs))),
  );
  const resets = own.filter(
    (each) => each.class === 'usb-reset' && !isProbe(each, records, bootedAt, limits.probeMs),
  );
  const count = occurrences(resets, now - limits.windowMs);
  const others = own.filter((each) => each.class !== 'usb-reset');
  return [
    ...others,
    ...(count >= limits.resets || others.length > 0 ? resets : []),
    ...controllerTrouble(records, recent, adapter, others.length > 0),
  ].toSorted((a, b) => a.at - b.at);
}

/** The device, a hub above it, or a neighbour on the same hub that is not a root hub. */
function concerns(usb: string | null | undefined, path: string): boolean {
  if (!usb) return false;
  if (usb === path || path.startsWith(`${usb}.`)) return true;
  const hub = path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : undefined;
  return hub !== undefined && usb.startsWith(`${hub}.`);
}

/** Some drivers reset their device as they take it over. */
function isProbe(
  reset: KernelRecord,
  records: readonly KernelRecord[],
  bootedAt: number,
  probeMs: number,
): boolean {
  if (reset.at - bootedAt <= probeMs) return true;
  return ofClass(records, 'usb-attach').some(
    (each) => each.usb === reset.usb && reset.at >= each.at && reset.at - each.at <= probeMs,
  );
}

/**
 * A controller's records do not say what hangs on it. An adapter that works hangs on another, or the
 * controller recovered; a dead one stays dead, so that its record does not age.
 */
function controllerTrouble(
  records: readonly KernelRecord[],
  recent: readonly KernelRecord[],
  { interface: device }: UsbAdapter,
  inTrouble: boolean,
): readonly KernelRecord[] {
  const lost = device === undefined;
  return [
    ...(lost ? ofClass(records, 'xhci-dead') : []),
    ...(lost || inTrouble ? ofClass(recent, 'xhci-trouble') : []),
  ];
}
