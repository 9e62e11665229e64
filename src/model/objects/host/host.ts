import * as z from 'zod';
import { optional, text } from '../meta.ts';
import { diskLatencySchema, fileSystemSchema, limitsSchema, usageSchema } from './disk.ts';
import { kernelSchema } from './kernel.ts';
import { look } from './look.ts';
import {
  addressSchema,
  firewallSchema,
  haproxyServerSchema,
  interfaceSchema,
  networkdSchema,
  routeSchema,
  serverPathSchema,
  tcpSchema,
  usbDeviceSchema,
} from './net.ts';
import { wayFailures, waySchema } from './reach.ts';
import {
  certificateSchema,
  hostClockSchema,
  k3sSchema,
  kmsgSchema,
  kubeletSchema,
  systemSchema,
  unitSchema,
} from './system.ts';

/** What was well once, recorded by `--record-baseline`, to compare with. */
export const baselineSchema = z.object({
  recordedAt: z.number(),
  uplink: optional(
    z.object({
      name: text,
      index: z.number(),
      mac: optional(text),
      busPath: optional(text),
      speedMbps: optional(z.number()),
      usbSpeedMbps: optional(z.number()),
      bootId: optional(text),
    }),
  ),
  address: optional(text),
  defaultRoute: optional(z.boolean()),
  kubeletRoot: optional(text),
});

/** Counters of an earlier look, for rates: the same host, the same boot. */
const earlierSchema = z.object({
  at: z.number(),
  interfaces: z.array(
    interfaceSchema.pick({ name: true, index: true, carrierChanges: true, statistics: true }),
  ),
  tcp: optional(tcpSchema),
  units: z.array(unitSchema.pick({ name: true, restarts: true })),
});

/**
 * One host of `evenkeel.yaml`: how it was reached, and each part of what was seen there.
 * A host that did not answer has every part unknown, for the one reason that `reach` tells.
 */
export const hostSchema = z.object({
  kind: z.literal('Host').default('Host'),
  metadata: z.object({ name: text }),
  /** As declared in `evenkeel.yaml`. */
  declared: z.object({
    node: optional(text),
    hypervisor: optional(text),
    switch: optional(text),
    uplink: optional(text),
    optional: optional(z.boolean()),
    /** Addresses by which its ways lead there. */
    addresses: z.array(text),
  }),
  reach: z.discriminatedUnion('state', [
    z.object({
      state: z.literal('answered'),
      user: text,
      root: z.boolean(),
      /** Our own clock. */
      at: z.number(),
      tookMs: z.number(),
    }),
    z.object({
      state: z.literal('silent'),
      reason: z.enum(wayFailures),
      detail: text,
      at: z.number(),
      /** When the look began that nobody answered: what is heard since then proves life. */
      askedAt: optional(z.number()),
    }),
  ]),
  ways: z.array(waySchema),
  system: look(systemSchema),
  kmsg: look(kmsgSchema),
  units: look(z.array(unitSchema)),
  k3s: look(k3sSchema),
  kubelet: look(kubeletSchema),
  certificates: look(z.array(certificateSchema)),
  clock: look(hostClockSchema),
  fileSystems: look(z.array(fileSystemSchema)),
  usage: look(z.array(usageSchema)),
  diskLatency: look(z.array(diskLatencySchema)),
  limits: look(limitsSchema),
  interfaces: look(z.array(interfaceSchema)),
  addresses: look(z.array(addressSchema)),
  routes: look(z.array(routeSchema)),
  usb: look(z.array(usbDeviceSchema)),
  networkd: look(networkdSchema),
  firewall: look(firewallSchema),
  tcp: look(tcpSchema),
  serverPath: look(serverPathSchema),
  kernel: look(kernelSchema),
  haproxy: look(z.array(haproxyServerSchema)),
  earlier: optional(earlierSchema),
  baseline: optional(baselineSchema),
});
export type Host = z.infer<typeof hostSchema>;
export type Baseline = z.infer<typeof baselineSchema>;

/** The parts of a host that a look may show. */
export const hostParts = [
  'system',
  'kmsg',
  'units',
  'k3s',
  'kubelet',
  'certificates',
  'clock',
  'fileSystems',
  'usage',
  'diskLatency',
  'limits',
  'interfaces',
  'addresses',
  'routes',
  'usb',
  'networkd',
  'firewall',
  'tcp',
  'serverPath',
  'kernel',
  'haproxy',
] as const satisfies readonly (keyof Host)[];
export type HostPart = (typeof hostParts)[number];
