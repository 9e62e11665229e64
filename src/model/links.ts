import type { Millis } from '../lib/clock.ts';
import type { HostIndex } from './hosts.ts';
import { linkSubject } from './hosts.ts';
import type { Host } from './objects/host/host.ts';
import type { KernelClass, KernelRecord } from './objects/host/kernel.ts';
import { unseen } from './objects/host/look.ts';
import { interfaceNamed, uplinksOf } from './uplink.ts';
import { type UsbAdapter, usbAdaptersOf, usbPathOf } from './usb-adapters.ts';

/** What a check of this layer judges: one interface of one host, there or gone. */
export type LinkSubject = ReturnType<typeof linkSubject>;

/** A network adapter on USB, there or gone. */
export type UsbSubject = LinkSubject & { readonly adapter: UsbAdapter };

/** A host of which nobody knows which interfaces carry it. */
export interface DarkHost {
  readonly kind: 'Host';
  readonly metadata: { readonly name: string };
  readonly host: Host;
}

/**
 * The uplinks of every host, and its further adapters on USB where asked for; the host itself, where
 * nobody knows what they are.
 */
export function uplinkSubjects(
  hosts: readonly Host[],
  { nodeOfHost }: HostIndex,
  { usb = false }: { readonly usb?: boolean } = {},
): readonly (LinkSubject | DarkHost)[] {
  return hosts.filter(mustAnswer).flatMap((host): (LinkSubject | DarkHost)[] => {
    const node = nodeOfHost.get(host.metadata.name);
    const names = new Set(uplinksOf(host, node));
    if (usb) for (const adapter of usbAdaptersOf(host)) names.add(adapter.name);
    const isDark = host.interfaces.state === 'unknown' || node !== undefined;
    if (names.size === 0 && isDark) return [darkHost(host)];
    return [...names].map((name) => linkSubject(host, name));
  });
}

/** Network adapters on USB, there or gone; the host itself, where nobody can tell whether it has any. */
export function usbSubjects(hosts: readonly Host[]): readonly (UsbSubject | DarkHost)[] {
  return hosts.filter(mustAnswer).flatMap((host): (UsbSubject | DarkHost)[] => {
    const adapters = usbAdaptersOf(host);
    if (adapters.length === 0 && host.interfaces.state === 'unknown') return [darkHost(host)];
    return adapters.map((adapter) => ({ ...linkSubject(host, adapter.name), adapter }));
  });
}

/** What may be off at any time is not asked about while it is. */
function mustAnswer({ declared, reach }: Host): boolean {
  return reach.state === 'answered' || !declared.optional;
}

function darkHost(host: Host): DarkHost {
  return { kind: 'Host', metadata: { name: host.metadata.name }, host };
}

/** The verdict on a host, or on a link of one, whose uplinks were not seen. */
export function unseenLinks({ interfaces }: Host): ReturnType<typeof unseen> {
  if (interfaces.state === 'unknown') return unseen(interfaces);
  const detail =
    'it has no default route and no address of its node, and nothing says which interface is its uplink (--record-baseline)';
  return unseen({ reason: 'not-collected', detail });
}

/**
 * Records of the kernel's log about one interface, oldest first. By the name only in the machine's
 * own log: a container reads its machine's, where `eth0` is somebody else's.
 */
export function recordsOf(host: Host, name: string): readonly KernelRecord[] {
  if (host.kernel.state !== 'known') return [];
  const { records, shared } = host.kernel.value;
  const busPath = interfaceNamed(host, name)?.busPath ?? lostBusPath(host, name);
  const usb = usbPathOf(busPath);
  return records
    .filter(
      (record) =>
        (usb !== undefined && record.usb === usb) ||
        (busPath && record.about === busPath) ||
        (record.interface === name && !shared),
    )
    .toSorted((a, b) => a.at - b.at);
}

function lostBusPath({ baseline }: Host, name: string): string | null | undefined {
  return baseline?.uplink?.name === name ? baseline.uplink.busPath : undefined;
}

/** Whether the machine came up so lately that what happens to its links is part of that. */
export function bootedWithin({ system }: Host, now: Millis, span: Millis): boolean {
  return system.state === 'known' && now - system.value.bootedAt < span;
}

/**
 * How often it happened since then. What comes again and again is kept as its first and its last, the
 * last with a count of all that followed: where the first is too old, only the last is surely within.
 */
export function occurrences(records: readonly KernelRecord[], since: Millis): number {
  let sum = 0;
  for (const [n, { at, class: kernelClass, count }] of records.entries()) {
    if (at < since) continue;
    const first = records.slice(0, n).findLast((each) => each.class === kernelClass);
    sum += first && first.at < since ? 1 : count;
  }
  return sum;
}

export function ofClass(
  records: readonly KernelRecord[],
  ...classes: readonly KernelClass[]
): readonly KernelRecord[] {
  return records.filter((each) => classes.includes(each.class));
}
