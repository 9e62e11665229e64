import * as z from 'zod';
import type { UnknownReason } from '../../facet.ts';
import { optional, text } from '../meta.ts';

export const transports = ['local', 'ssh', 'pct', 'lxc', 'replay'] as const;
export type Transport = (typeof transports)[number];

/** Why a way to a host led nowhere. */
export const wayFailures = [
  /** Nobody listens there. */
  'refused',
  /** No answer within the deadline: not to the connection, or not to the look. */
  'timed-out',
  /** No route, or the address is not there. */
  'unreachable',
  'unknown-host',
  /** The connection was cut in the middle. */
  'cut',
  /** The host shows another key than the one that is pinned. */
  'host-key-changed',
  /** The host refuses our key, our user or our password. */
  'denied',
  /** We are not root there, and may not become it. */
  'no-sudo',
  /** More output than a look may have. */
  'output-too-large',
  /** What came back is not the answer to what was asked. */
  'malformed',
  /** The hypervisor says that the container does not run: proof, not silence. */
  'container-stopped',
  /** The hypervisor says that the container is frozen. */
  'container-frozen',
  'no-such-container',
  /** `ssh`, `pct` or `lxc-attach` is not where it is needed. */
  'no-program',
  /** The way leads through another host, which does not answer. */
  'through',
  /** We were interrupted. */
  'cancelled',
] as const;
export type WayFailure = (typeof wayFailures)[number];

/** One way to a host, and what became of it. */
export const waySchema = z.object({
  transport: z.enum(transports),
  /** For a person: `ssh josh@192.0.2.7:22`, `pct 101 on pve`. */
  name: text,
  outcome: z.enum(['answered', 'not-tried', ...wayFailures]),
  /** In the words of the system or of the other side; absent when it answered. */
  detail: optional(text),
  /** What to do next, where this way knows better than its outcome does. */
  next: optional(text),
  /** The host is there all the same: it let us in, or its hypervisor says that the container runs. */
  present: optional(z.boolean()),
});
export type Way = z.infer<typeof waySchema>;

const reasons: { readonly [K in WayFailure]?: UnknownReason } = {
  'timed-out': 'timed-out',
  cancelled: 'timed-out',
  denied: 'unauthorized',
  'host-key-changed': 'unauthorized',
  'no-sudo': 'forbidden',
  malformed: 'malformed',
  'output-too-large': 'malformed',
};

/** Why nothing is known of a host that could not be looked at. */
export function unknownReasonOf(failure: WayFailure): UnknownReason {
  return reasons[failure] ?? 'unreachable';
}
