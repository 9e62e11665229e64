import * as z from 'zod';
import { optional, text } from '../meta.ts';

/** One mounted file system that k3s or the machine depends on. */
export const fileSystemSchema = z.object({
  /** Mount point. */
  target: text,
  source: text,
  type: text,
  options: z.array(text),
  /** Of the file system itself, so that bind mounts of one are told as one. */
  device: optional(text),
  sizeBytes: optional(z.number()),
  availableBytes: optional(z.number()),
  inodes: optional(z.number()),
  inodesFree: optional(z.number()),
  /** What of k3s lies on it: `kubelet`, `containerd`, `datastore`, `root`, `logs`. */
  holds: z.array(text),
});
export type FileSystem = z.infer<typeof fileSystemSchema>;

/** The largest things on a file system that is nearly full. */
export const usageSchema = z.object({
  path: text,
  bytes: z.number(),
  /** The pod whose directory it is, by uid; absent when it is no pod's. */
  podUid: optional(text),
});

/** Counters and limits of the kernel, from `/proc/sys` and its neighbours. */
export const limitsSchema = z.object({
  conntrackCount: optional(z.number()),
  conntrackMax: optional(z.number()),
  inotifyInstancesMax: optional(z.number()),
  inotifyWatchesMax: optional(z.number()),
  /** Instances held by the user that holds most. */
  inotifyInstances: optional(z.number()),
  filesOpen: optional(z.number()),
  filesMax: optional(z.number()),
  pidsCount: optional(z.number()),
  pidsMax: optional(z.number()),
  memoryTotalBytes: optional(z.number()),
  memoryAvailableBytes: optional(z.number()),
  /** By name, such as `net.ipv4.ip_forward`. */
  sysctls: z.record(text, text),
});

/** Milliseconds that small synchronous writes took lately, as the kernel counts them. */
export const diskLatencySchema = z.object({
  device: text,
  /** Mean over all writes since boot, or over the interval between two looks. */
  writeMs: z.number(),
  writes: z.number(),
  overMs: z.number(),
  /** Since boot, or between two looks. */
  span: z.enum(['boot', 'interval']),
});
