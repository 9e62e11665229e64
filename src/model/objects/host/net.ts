import * as z from 'zod';
import { optional, text } from '../meta.ts';

/** One network interface in the host's own network namespace. */
export const interfaceSchema = z.object({
  name: text,
  index: z.number(),
  mac: optional(text),
  /** `up`, `down`, `lowerlayerdown`, `dormant`, `unknown` … */
  operstate: text,
  /** The administrator wants it up. */
  adminUp: z.boolean(),
  carrier: optional(z.boolean()),
  /** Mbit/s; absent where the driver does not know. */
  speedMbps: optional(z.number()),
  duplex: optional(text),
  mtu: optional(z.number()),
  carrierChanges: optional(z.number()),
  driver: optional(text),
  /** `usb`, `pci`, `virtual` … */
  bus: text,
  /** Of the device below it, such as `2-1.4:1.0` or `0000:03:00.0`. */
  busPath: optional(text),
  /** Of its bridge or bond. */
  master: optional(text),
  /** `veth`, `bridge`, `bond`, `vxlan` …, as far as the kernel says. */
  kind: optional(text),
  /** How its name came to be: the kernel's `name_assign_type`. */
  nameAssignType: optional(z.number()),
  statistics: z.object({
    rxPackets: z.number(),
    txPackets: z.number(),
    rxErrors: z.number(),
    txErrors: z.number(),
    rxDropped: z.number(),
    txDropped: z.number(),
    rxMissed: z.number(),
  }),
});
export type Interface = z.infer<typeof interfaceSchema>;

export const addressSchema = z.object({
  interface: text,
  address: text,
  prefix: z.number(),
  family: z.enum(['inet', 'inet6']),
  scope: text,
  /** `dhcp`, `static` …, as far as the kernel says: `dynamic` or `permanent`. */
  dynamic: optional(z.boolean()),
});

export const routeSchema = z.object({
  /** `default`, or a prefix. */
  destination: text,
  gateway: optional(text),
  interface: optional(text),
  source: optional(text),
  metric: optional(z.number()),
  protocol: optional(text),
  family: z.enum(['inet', 'inet6']),
});

/** One device of the USB tree. */
export const usbDeviceSchema = z.object({
  /** `2-1.4`: bus, then ports. */
  path: text,
  /** `idVendor:idProduct`. */
  id: text,
  product: optional(text),
  speedMbps: optional(z.number()),
  /** Best that the device itself can do, by its `bcdUSB`: 480, 5000, 10000. */
  capableMbps: optional(z.number()),
  driver: optional(text),
  /** Interfaces (network) that it carries. */
  interfaces: z.array(text),
  /** `power/control`: `auto` lets the kernel suspend it. */
  powerControl: optional(text),
  runtimeStatus: optional(text),
  runtimeUsage: optional(z.number()),
  /** Milliseconds that it was suspended since it was plugged in. */
  suspendedMs: optional(z.number()),
});

/** What systemd-networkd and udev would do to interfaces. */
export const networkdSchema = z.object({
  active: z.boolean(),
  /** `.network` and `.link` files in force, by path. */
  files: z.array(
    z.object({
      path: text,
      kind: z.enum(['network', 'link', 'netdev']),
      /** Name patterns of its `[Match]`. */
      matchNames: z.array(text),
      matchOther: z.array(text),
      /** It leaves what it matches alone: `Unmanaged=yes`. */
      unmanaged: z.boolean(),
      setsName: optional(text),
    }),
  ),
  /** Of `networkd.conf`; undefined: systemd's default. */
  manageForeignRoutes: optional(z.boolean()),
  manageForeignRoutingPolicyRules: optional(z.boolean()),
  /** udev rules of the administrator that name or power network devices. */
  udevRules: z.array(z.object({ path: text, line: text })),
});

export const firewallSchema = z.object({
  /** Active ones: `ufw`, `firewalld`. */
  fronts: z.array(text),
  /** Prefixes and ports that an active front lets in, as it writes them. */
  allows: z.array(text),
  /** `nft` or `legacy`: what `iptables` itself is here. */
  iptablesBackend: optional(z.enum(['nft', 'legacy'])),
  /** How many `KUBE-` chains each backend holds; absent: could not be asked. */
  kubeChains: z.object({ nft: optional(z.number()), legacy: optional(z.number()) }),
  /** `kube-proxy` tables of nftables mode. */
  kubeProxyNftTable: optional(z.boolean()),
});

/** TCP since boot, or between two looks. */
export const tcpSchema = z.object({
  outSegments: z.number(),
  retransmitted: z.number(),
  span: z.enum(['boot', 'interval']),
});

/** One server of an HAProxy backend, as its `show stat` has it. */
export const haproxyServerSchema = z.object({
  backend: text,
  /** `BACKEND` for the backend as a whole. */
  server: text,
  /** `UP`, `DOWN`, `MAINT`, `UP 1/3`, `no check` … */
  status: text,
  /** `L4OK`, `L4CON`, `L4TOUT`, `L7STS` … */
  checkStatus: optional(text),
  checkCode: optional(text),
  lastCheck: optional(text),
  address: optional(text),
  /** Seconds since the last change between up and down. */
  lastChangeSeconds: optional(z.number()),
  /** How often it went from up to down. */
  downs: optional(z.number()),
});

/**
 * The TCP connections from this host to its k3s server, by the kernel's own table: what the kubelet's
 * word takes to get there.
 */
export const serverPathSchema = z.object({
  address: text,
  port: z.number(),
  /** Established, with nothing waiting to be acknowledged. */
  flowing: z.number(),
  /** Established, and sending the same again. */
  stalled: z.number(),
  /** Not yet answered. */
  connecting: z.number(),
});
