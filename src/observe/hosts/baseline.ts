import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { jsonText } from '../../lib/json-text.ts';
import { byText } from '../../lib/order.ts';
import { hour } from '../../lib/time.ts';
import { ordinaryClasses } from '../../model/kernel-lines.ts';
import { type Baseline, baselineSchema, type Host } from '../../model/objects/host/host.ts';
import type { Look } from '../../model/objects/host/look.ts';
import type { Interface } from '../../model/objects/host/net.ts';

type UsbDevice = Extract<Host['usb'], { state: 'known' }>['value'][number];

export type Recorded = { readonly baseline: Baseline } | { readonly refused: string };

/**
 * What is to be compared with later. A host that did not answer, or whose uplink is visibly not well,
 * is refused with the reason: a fault must not become what is usual.
 */
export function baselineOf(host: Host, at: Millis): Recorded {
  if (host.reach.state === 'silent') return { refused: `it did not answer: ${host.reach.detail}` };
  const uplink = uplinkOf(host);
  if (typeof uplink === 'string') return { refused: uplink };
  const trouble = troubleOf(uplink, host, at);
  if (trouble) return { refused: trouble };
  const usb = usbOf(uplink, host);
  const { name, index, mac, busPath, speedMbps } = uplink;
  const bootId = valueOf(host.system)?.bootId;
  const address = addressOf(host, [name, uplink.master]);
  const kubeletRoot = valueOf(host.kubelet)?.root;
  return {
    baseline: {
      recordedAt: at,
      uplink: {
        name,
        index,
        ...given({ mac, busPath, speedMbps, usbSpeedMbps: usb?.speedMbps, bootId }),
      },
      ...given({ address, kubeletRoot }),
      defaultRoute: leadsOut(host, [name, uplink.master]),
    },
  };
}

/** Without what is not known. */
function given<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const known = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known) as { [K in keyof T]?: NonNullable<T[K]> };
}

function valueOf<T>(part: Look<T>): T | undefined {
  return part.state === 'known' ? part.value : undefined;
}

/** By declaration, else by the default route, else by its address; or why there is none. */
function uplinkOf(host: Host): Interface | string {
  const interfaces = valueOf(host.interfaces);
  if (!interfaces) return 'its interfaces were not seen';
  const { uplink, addresses } = host.declared;
  const named = (name: string | null | undefined): Interface | undefined =>
    interfaces.find((each) => each.name === name);
  if (uplink) return named(uplink) ?? `there is no ${uplink}, its declared uplink`;
  const route = (valueOf(host.routes) ?? [])
    .filter(({ destination, family }) => destination === 'default' && family === 'inet')
    .toSorted((a, b) => (a.metric ?? 0) - (b.metric ?? 0))[0];
  const nodeIps = valueOf(host.k3s)?.nodeIp?.split(',') ?? [];
  const own = (valueOf(host.addresses) ?? []).find(({ address }) =>
    [...nodeIps, ...addresses].includes(address),
  );
  const found = named(route?.interface) ?? named(own?.interface);
  if (!found) return 'no interface carries its default route or its address';
  return portOf(found, interfaces);
}

/** A bridge or bond over one adapter is that adapter's: it is what can be pulled or renamed. */
function portOf(found: Interface, interfaces: readonly Interface[]): Interface {
  const ports = interfaces.filter(({ master, bus }) => master === found.name && bus !== 'virtual');
  return found.bus === 'virtual' && ports.length === 1 ? (ports[0] ?? found) : found;
}

function usbOf(uplink: Interface, host: Host): UsbDevice | undefined {
  const path = uplink.bus === 'usb' ? uplink.busPath?.split(':')[0] : undefined;
  return (valueOf(host.usb) ?? []).find((each) => each.path === path);
}

function addressOf(host: Host, names: readonly unknown[]): string | undefined {
  const own = (valueOf(host.addresses) ?? []).filter((each) => names.includes(each.interface));
  const global = own.filter(({ scope }) => scope === 'global');
  return (global.find(({ family }) => family === 'inet') ?? global[0])?.address;
}

function leadsOut(host: Host, names: readonly unknown[]): boolean {
  return (valueOf(host.routes) ?? []).some(
    (each) => each.destination === 'default' && names.includes(each.interface),
  );
}

/** How long a fault in the kernel's log speaks against its adapter. */
const recentMs: Millis = hour;

function troubleOf(uplink: Interface, host: Host, at: Millis): string | undefined {
  const { name, operstate, carrier, adminUp, duplex } = uplink;
  if (!adminUp) return `${name} is switched off`;
  if (operstate === 'down' || operstate === 'lowerlayerdown' || carrier === false) {
    return `${name} has no link`;
  }
  if (duplex === 'half') return `${name} runs at half duplex`;
  if (addressOf(host, [name, uplink.master]) === undefined) return `${name} has no address`;
  const usb = usbOf(uplink, host);
  if ((usb?.speedMbps ?? 0) < (usb?.capableMbps ?? 0)) {
    return `${name} runs at ${usb?.speedMbps} Mbit/s of USB, and could at ${usb?.capableMbps}`;
  }
  const fault = (valueOf(host.kernel)?.records ?? []).findLast(
    (record) =>
      !ordinaryClasses.includes(record.class) &&
      (record.interface === name || (usb !== undefined && record.usb === usb.path)) &&
      at - record.at <= recentMs,
  );
  return (
    fault && `the kernel complained about ${name} within the hour: ${fault.text.slice(0, 120)}`
  );
}

const format = 'evenkeel/hosts-baseline/v1';
const fileSchema = z.strictObject({
  schema: z.literal(format),
  hosts: z.record(
    z.string(),
    z.strictObject({
      ...baselineSchema.shape,
      uplink: baselineSchema.shape.uplink.unwrap().unwrap().strict().nullish(),
    }),
  ),
});

/** The file of baselines, by host; sorted, so that a change is a small difference. */
export function packBaselines(baselines: ReadonlyMap<string, Baseline>): string {
  const hosts = Object.fromEntries([...baselines].toSorted(([a], [b]) => byText(a, b)));
  return jsonText({ schema: format, hosts });
}

/** What such a file holds, or why it is none. */
export function unpackBaselines(
  text: string,
): { readonly baselines: ReadonlyMap<string, Baseline> } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is no JSON' };
  }
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return { baselines: new Map(Object.entries(parsed.data.hosts)) };
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? ''}` };
}
