import type * as z from 'zod';
import type { Host } from '../../src/model/objects/host/host.ts';
import type { KernelClass, KernelRecord } from '../../src/model/objects/host/kernel.ts';
import type { Interface, usbDeviceSchema } from '../../src/model/objects/host/net.ts';
import { before } from './host-cases.ts';
import { host, known } from './hosts.ts';
import { node } from './objects.ts';
import type { RawObject } from './snapshot.ts';

type UsbDevice = z.infer<typeof usbDeviceSchema>;
type Baseline = NonNullable<Host['baseline']>;
type Earlier = NonNullable<Host['earlier']>;

/** The adapter of `usbHost`: its name comes from its MAC address, as systemd gives it. */
export const enx = 'enx020000000011';
const mac = '02:00:00:00:00:11';

const day = 24 * 3600;

export const noPackets: Interface['statistics'] = {
  rxPackets: 0,
  txPackets: 0,
  rxErrors: 0,
  txErrors: 0,
  rxDropped: 0,
  txDropped: 0,
  rxMissed: 0,
};

/** A 2.5 Gbit/s adapter on USB with its link up. */
export function usbNic(changes: Partial<Interface> = {}): Interface {
  return {
    name: enx,
    index: 3,
    mac,
    operstate: 'up',
    adminUp: true,
    carrier: true,
    speedMbps: 2500,
    duplex: 'full',
    mtu: 1500,
    carrierChanges: 2,
    driver: 'r8152',
    bus: 'usb',
    busPath: '2-1:1.0',
    nameAssignType: 4,
    statistics: { ...noPackets, rxPackets: 1e6, txPackets: 1e6 },
    ...changes,
  };
}

/** The end of a pair of virtual interfaces that is a container's uplink. */
export function veth(changes: Partial<Interface> = {}): Interface {
  return {
    ...usbNic({ name: 'eth0', index: 2, driver: 'veth', bus: 'virtual', kind: 'veth' }),
    busPath: undefined,
    speedMbps: 10_000,
    ...changes,
  };
}

export function usbDevice(changes: Partial<UsbDevice> = {}): UsbDevice {
  return {
    path: '2-1',
    id: '0bda:8156',
    product: 'USB 10/100/1G/2.5G LAN',
    speedMbps: 5000,
    capableMbps: 5000,
    driver: 'r8152-cfgselector',
    interfaces: [enx],
    powerControl: 'on',
    runtimeStatus: 'active',
    runtimeUsage: 1,
    suspendedMs: 0,
    ...changes,
  };
}

export const address = (name: string, ip = '192.0.2.11'): NonNullable<Host['addresses']> =>
  known([{ interface: name, address: ip, prefix: 24, family: 'inet' as const, scope: 'global' }]);

export const route = (name: string): NonNullable<Host['routes']> =>
  known([
    {
      destination: 'default',
      gateway: '192.0.2.1',
      interface: name,
      family: 'inet' as const,
    },
  ]);

export const nowhere: Pick<Host, 'addresses' | 'routes'> = {
  addresses: known([]),
  routes: known([]),
};

/** A machine of its own whose uplink is an adapter on USB. */
export function usbHost(changes: Partial<Host> = {}): Host {
  const base = host('a');
  const system = base.system.state === 'known' ? base.system.value : undefined;
  return {
    ...base,
    ...(system ? { system: known({ ...system, container: 'none' }) } : {}),
    interfaces: known([usbNic()]),
    usb: known([usbDevice()]),
    addresses: address(enx),
    routes: route(enx),
    kernel: log([]),
    ...changes,
  };
}

/** The same with its adapter pulled out. */
export function unplugged(changes: Partial<Host> = {}): Host {
  return usbHost({ interfaces: known([]), usb: known([]), ...nowhere, ...changes });
}

/** `usbHost` as it was a week ago, while all was well. */
export function baseline(
  changes: Omit<Partial<Baseline>, 'uplink'> & { uplink?: Partial<Baseline['uplink']> } = {},
): Baseline {
  return {
    recordedAt: before(7 * day),
    address: '192.0.2.11',
    defaultRoute: true,
    ...changes,
    uplink: {
      name: enx,
      index: 3,
      mac,
      busPath: '2-1:1.0',
      speedMbps: 2500,
      usbSpeedMbps: 5000,
      bootId: 'boot-a',
      ...changes.uplink,
    },
  };
}

/** The kernel's log of a machine, whole since it came up. */
export function log(
  records: readonly KernelRecord[],
  changes: { readonly shared?: boolean; readonly sinceAt?: number } = {},
): Extract<Host['kernel'], { state: 'known' }> {
  return known({
    source: 'kmsg' as const,
    records: [...records],
    read: 900,
    shared: false,
    sinceAt: before(day),
    ...changes,
  });
}

/** One record so many seconds before noon, of the adapter at `2-1` unless said. */
export function record(
  kernelClass: KernelClass,
  seconds: number,
  changes: Partial<KernelRecord> = {},
): KernelRecord {
  return {
    class: kernelClass,
    at: before(seconds),
    usb: '2-1',
    count: 1,
    text: `usb 2-1: ${kernelClass}`,
    ...changes,
  };
}

/** A look so many seconds ago. */
export function looked(
  seconds: number,
  device: Partial<Earlier['interfaces'][number]>,
  more: Partial<Earlier> = {},
): Earlier {
  const { carrierChanges, index, name, statistics } = usbNic();
  return {
    at: before(seconds),
    interfaces: [{ carrierChanges, index, name, statistics, ...device }],
    units: [],
    ...more,
  };
}

/** The node that `usbHost` carries, and another, both in good health. */
export const twoNodes: readonly RawObject[] = [at('a', '192.0.2.11'), at('b', '192.0.2.12')];

/** A node with that InternalIP. */
export function at(name: string, ip: string, shape: Parameters<typeof node>[1] = {}): RawObject {
  const made = node(name, shape);
  const status = made['status'] as { readonly [field: string]: unknown };
  return {
    ...made,
    status: {
      ...status,
      addresses: [
        { type: 'InternalIP', address: ip },
        { type: 'Hostname', address: name },
      ],
    },
  };
}

/** A machine that came up so many seconds ago. */
export function booted(seconds: number): Host['system'] {
  const { system } = host('a');
  if (system.state !== 'known') return system;
  return known({ ...system.value, container: 'none', bootedAt: before(seconds) });
}
