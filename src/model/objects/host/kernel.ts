import * as z from 'zod';
import { message, optional, text } from '../meta.ts';

/** Classes of kernel records that say something about a node; what is none of these is not kept. */
export const kernelClasses = [
  // The adapter and its bus.
  'usb-disconnect',
  'usb-attach',
  'usb-reset',
  'usb-reset-failed',
  'usb-enumeration-error',
  'usb-port-error',
  'usb-over-current',
  'xhci-trouble',
  'xhci-dead',
  'register-error',
  'interrupt-error',
  'transmit-error',
  'transmit-timeout',
  'transmit-hang',
  'watchdog',
  'link-up',
  'link-down',
  'link-speed',
  'rename',
  'unregister',
  'power',
  // The machine.
  'oom-kill',
  'io-error',
  'read-only',
  'hung-task',
  'conntrack-full',
  'disk-full',
] as const;
export type KernelClass = (typeof kernelClasses)[number];

/** One recognised record of the kernel's log. */
export const kernelRecordSchema = z.object({
  class: z.enum(kernelClasses),
  /** Milliseconds since the epoch by our own clock: boot time and the record's own. */
  at: z.number(),
  sequence: optional(z.number()),
  priority: optional(z.number()),
  /** 0 is the kernel; anyone can write the others. */
  facility: optional(z.number()),
  /** `2-1.4`: the USB device that it names, by its line or by `DEVICE=`. */
  usb: optional(text),
  interface: optional(text),
  /** Of a rename: the name before. */
  from: optional(text),
  driver: optional(text),
  /** Of `pci`, or the block device, or the process, as the class has it. */
  about: optional(text),
  speedMbps: optional(z.number()),
  /** The same class and device again and again is kept as its first and last, with a count. */
  count: z.number(),
  text: message,
});
export type KernelRecord = z.infer<typeof kernelRecordSchema>;

export const kernelSchema = z.object({
  /** `kmsg` has sequence numbers and devices, `dmesg` does not. */
  source: z.enum(['kmsg', 'dmesg', 'journal']),
  records: z.array(kernelRecordSchema),
  /** How many records were read, recognised or not. */
  read: z.number(),
  /** Whose log it is: a container reads its machine's. */
  shared: z.boolean(),
  /** The oldest record still in the ring, by our own clock; what is older is gone. */
  sinceAt: optional(z.number()),
});
