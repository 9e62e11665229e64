import type { HostLook, HostRequest } from '../../access/host/port.ts';
import type { Millis } from '../../lib/clock.ts';
import type { Host, HostPart } from '../../model/objects/host/host.ts';
import type { Answers } from './answers.ts';

/** Where `evenkeel.yaml` says that HAProxy tells its state: its socket on the host, or its page. */
export type HaproxyPlace = { readonly socket: string } | { readonly url: string };

/** What is known of a host before it was asked anything. */
export interface Asked {
  readonly declared: Host['declared'];
  readonly haproxy?: HaproxyPlace | undefined;
}

/** What the first look says of itself. */
export interface Seen extends Asked {
  readonly user: string;
  /** We may read whatever root may. */
  readonly root: boolean;
  readonly clock: HostLook['clock'];
  /** Writes since an earlier look of the same boot, by device: mean times are of the interval then. */
  readonly since?: Since | undefined;
}

/** What an earlier look saw, for what is told as a difference. */
export interface Since {
  readonly overMs: Millis;
  readonly writes: ReadonlyMap<string, { readonly writes: number; readonly ms: Millis }>;
}

/**
 * One part of a host. Its requests share a single look with those of all other parts; what several
 * ask for is asked once.
 */
export interface Part<K extends HostPart = HostPart> {
  readonly part: K;
  readonly requests: (context: Asked) => readonly HostRequest[];
  /** What only those answers tell to ask: it goes in a second look, shared as well. There is no third. */
  readonly more?: (answers: Answers, context: Seen) => readonly HostRequest[];
  /** May throw: then this part is unknown, and no other. */
  readonly read: (answers: Answers, context: Seen) => Host[K];
}
