import * as z from 'zod';
import { message, optional, text } from '../meta.ts';

/** What kind of machine it is, and since when it runs. */
export const systemSchema = z.object({
  hostname: text,
  machineId: optional(text),
  bootId: optional(text),
  /** By our own clock, milliseconds since the epoch. */
  bootedAt: z.number(),
  kernel: text,
  /** `PRETTY_NAME` of os-release. */
  os: optional(text),
  /** `lxc`, `docker`, `systemd-nspawn`, `wsl` …; `none` on a machine of its own, or a virtual one. */
  container: text,
  /** Root here is root on the machine; false in an unprivileged container. */
  initialUserNamespace: z.boolean(),
  cgroupVersion: optional(z.union([z.literal(1), z.literal(2)])),
});

/** `/dev/kmsg`, without which a kubelet does not start. */
export const kmsgSchema = z.object({
  type: z.enum(['device', 'link', 'other', 'missing']),
  /** Of a device: 1 and 11 are the kernel's log. */
  device: optional(z.object({ major: z.number(), minor: z.number() })),
  target: optional(text),
  dangling: optional(z.boolean()),
  /** Modified at, milliseconds since the epoch, by the host's clock. */
  changedAt: optional(z.number()),
  /** What would make it again after a restart: `devtmpfs`, `bind`, `drop-in`, `unit`, `tmpfiles`. */
  keptBy: z.array(text),
});

/** One systemd unit, as `systemctl show` has it. Moments are milliseconds since the epoch. */
export const unitSchema = z.object({
  name: text,
  loadState: text,
  activeState: text,
  subState: text,
  /** `success`, `exit-code`, `signal`, `timeout`, `watchdog`, `start-limit-hit` … */
  result: text,
  exitStatus: optional(z.number()),
  /** A name such as `KILL` when a signal ended it. */
  exitSignal: optional(text),
  restarts: z.number(),
  /** When systemd started it anew by itself, oldest first: the last few times in its journal. */
  restartedAt: optional(z.array(z.number())),
  restartDelayMs: optional(z.number()),
  type: optional(text),
  /** Whether it comes up with the machine: `enabled`, `disabled`, `masked` … */
  unitFileState: optional(text),
  mainPid: optional(z.number()),
  stateChangedAt: optional(z.number()),
  activeSinceAt: optional(z.number()),
  /** When it was last started, whether it got there or not. */
  startedAt: optional(z.number()),
  exitedAt: optional(z.number()),
  fragmentPath: optional(text),
  dropIns: z.array(text),
  execStart: optional(message),
  execStartPre: z.array(message),
  /** From files below `/etc/systemd/system/<unit>.d`, which the installer leaves alone. */
  execStartPreInDropIns: z.array(message),
  /** systemd wants `daemon-reload`. */
  needsReload: optional(z.boolean()),
  /** The last lines of its journal, oldest first. */
  log: z.array(z.object({ at: optional(z.number()), text: message })),
});
export type Unit = z.infer<typeof unitSchema>;

/** k3s as it is installed and configured here. No token is ever in it. */
export const k3sSchema = z.object({
  role: optional(z.enum(['server', 'agent'])),
  version: optional(text),
  config: z.array(
    z.object({
      path: text,
      /** Why k3s cannot read it, with line and column; absent when it can. */
      problem: optional(message),
      modifiedAt: optional(z.number()),
    }),
  ),
  nodeName: optional(text),
  nodeIp: optional(text),
  serverUrl: optional(text),
  dataDir: text,
  /** Of `kubelet-arg`, `--kubelet-arg` and the running kubelet, merged. */
  kubeletArgs: z.array(text),
  featureGates: z.record(text, text),
  flannelInterface: optional(text),
});

/** Where kubelets keep their pods: more than one tree is trouble. */
export const kubeletSchema = z.object({
  /** The running kubelet's own; undefined when none runs. */
  root: optional(text),
  running: z.boolean(),
  startedAt: optional(z.number()),
  trees: z.array(
    z.object({
      path: text,
      pods: z.number(),
      /** CSI drivers whose sockets lie below `plugins`. */
      drivers: z.array(text),
      /** Of those, the ones registered below `plugins_registry`. */
      registered: z.array(text),
    }),
  ),
});

export const certificateSchema = z.object({
  path: text,
  subject: text,
  /** Milliseconds since the epoch. */
  notBefore: z.number(),
  notAfter: z.number(),
});

/** The clock, measured: never what the host says of itself. */
export const hostClockSchema = z.object({
  /** The host's clock less the API server's, or less ours where none told the hour, lies between these. */
  offsetMs: z.object({ least: z.number(), most: z.number() }),
  /** Null: nobody keeps it, or nobody tells. */
  synchronised: optional(z.boolean()),
  /** `systemd-timesyncd`, `chrony`, `ntpd`, `host` (a container has no clock of its own). */
  keeper: optional(text),
});
