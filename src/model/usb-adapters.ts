import type * as z from 'zod';
import { baselineDevice } from './baseline-device.ts';
import type { Host } from './objects/host/host.ts';
import type { KernelRecord } from './objects/host/kernel.ts';
import type { Interface, usbDeviceSchema } from './objects/host/net.ts';
import { interfacesOf } from './uplink.ts';

type UsbDevice = z.infer<typeof usbDeviceSchema>;

/** A network adapter on USB: one that is there, or one that was. */
export interface UsbAdapter {
  /** `2-1.4`, where it is plugged in, or was. */
  readonly path: string;
  /** The interface that it carries, or carried. */
  readonly name: string;
  /** Undefined when it is gone. */
  readonly interface?: Interface;
  /** Undefined when it is gone, or the USB tree was not seen. */
  readonly device?: UsbDevice;
}

/**
 * Adapters that are plugged in, and those that the baseline or the machine's own kernel log knows
 * and that are gone. A container reads its machine's log: what is lost there was never its own.
 */
export function usbAdaptersOf(host: Host): readonly UsbAdapter[] {
  const present = presentAdapters(host);
  const found = new Map(present.map((each) => [each.path, each]));
  for (const lost of [...ofBaseline(host), ...ofKernelLog(host)]) {
    const sameName = [...found.values()].some((each) => each.name === lost.name);
    if (!found.has(lost.path) && !sameName) found.set(lost.path, lost);
  }
  return [...found.values()];
}

function presentAdapters(host: Host): UsbAdapter[] {
  const devices = host.usb.state === 'known' ? host.usb.value : [];
  return interfacesOf(host).flatMap((each) => {
    const path = each.bus === 'usb' ? usbPathOf(each.busPath) : undefined;
    if (path === undefined) return [];
    const device = devices.find((it) => it.path === path);
    return [{ path, name: each.name, interface: each, ...(device ? { device } : {}) }];
  });
}

function ofBaseline(host: Host): UsbAdapter[] {
  const uplink = host.baseline?.uplink;
  const path = usbPathOf(uplink?.busPath);
  if (!uplink || path === undefined || baselineDevice(host)?.state !== 'gone') return [];
  return [{ path, name: uplink.name }];
}

/** An interface that the log names on a device, and that device's end. */
function ofKernelLog({ kernel, interfaces }: Host): UsbAdapter[] {
  if (kernel.state !== 'known' || kernel.value.shared || interfaces.state !== 'known') return [];
  const names = new Map<string, string>();
  const lost = new Map<string, KernelRecord>();
  for (const record of kernel.value.records.toSorted((a, b) => a.at - b.at)) {
    if (record.usb === undefined || record.usb === null) continue;
    if (record.interface) names.set(record.usb, record.interface);
    if (record.class === 'usb-disconnect') lost.set(record.usb, record);
    else if (record.class === 'usb-attach') lost.delete(record.usb);
  }
  const here = new Set(interfaces.value.map(({ name }) => name));
  return [...lost.keys()].flatMap((path) => {
    const name = names.get(path);
    return name === undefined || here.has(name) ? [] : [{ path, name }];
  });
}

/** `2-1.4:1.0` → `2-1.4`: the device, without which of its functions. Undefined on other buses. */
export function usbPathOf(busPath: string | null | undefined): string | undefined {
  return /^(\d{1,3}-\d[\d.]{0,30})(?::|$)/.exec(busPath ?? '')?.[1];
}
