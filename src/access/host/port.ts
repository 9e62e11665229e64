import type { Millis } from '../../lib/clock.ts';
import type { Way } from '../../model/objects/host/reach.ts';

/**
 * One thing to be looked at on a host. There is no request that changes anything: contents of files,
 * what files are, and programs from a closed list (`programs.ts`) with their arguments.
 */
export type HostRequest =
  | {
      readonly kind: 'contents';
      /** Absolute; a part between slashes may hold `*`. Directories and devices are left out. */
      readonly paths: readonly string[];
      /** Of each file. */
      readonly maxBytes: number;
    }
  | {
      readonly kind: 'stats';
      /** Absolute; a part between slashes may hold `*`. */
      readonly paths: readonly string[];
    }
  | {
      readonly kind: 'run';
      /** The first is a program of the closed list. */
      readonly argv: readonly string[];
      readonly timeoutMs: Millis;
      /** Of standard output; what is beyond is cut off, and said. */
      readonly maxBytes: number;
    };

export interface FileContents {
  readonly path: string;
  /** UTF-8; bytes that are none become U+FFFD. */
  readonly text: string;
  /** There was more. */
  readonly cut: boolean;
}

export interface FileStat {
  readonly path: string;
  readonly type:
    | 'file'
    | 'directory'
    | 'link'
    | 'character'
    | 'block'
    | 'socket'
    | 'fifo'
    | 'other';
  /** Permission bits, such as 0o644. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly modifiedAt: Millis;
  /** Of a device. */
  readonly device?: { readonly major: number; readonly minor: number };
  /** Of a symbolic link: what it says, and whether that leads anywhere. */
  readonly target?: string;
  readonly dangling?: boolean;
}

/** One answer a request, in the order of the requests. */
export type HostAnswer =
  | {
      readonly kind: 'contents';
      readonly files: readonly FileContents[];
      /** There, and not to be read, with the system's words. What is not there is in neither list. */
      readonly denied: readonly { readonly path: string; readonly problem: string }[];
    }
  | { readonly kind: 'stats'; readonly files: readonly FileStat[] }
  | {
      readonly kind: 'ran';
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly cut: boolean;
    }
  /** The program did not end in time. */
  | { readonly kind: 'timed-out' }
  /** The host has no such program. */
  | { readonly kind: 'no-program' };

/** What one round trip brought. */
export interface HostLook {
  readonly answers: readonly HostAnswer[];
  /** The way that answered, and every way that was tried before it. */
  readonly ways: readonly Way[];
  /** Ours when the look was sent and when it came back; the host's in between. */
  readonly clock: { readonly sentAt: Millis; readonly receivedAt: Millis; readonly hostAt: Millis };
  /** Who we are there, and whether with all rights. */
  readonly user: string;
  readonly root: boolean;
}

/**
 * Looks at one host and can do nothing else.
 * Every request of a look goes in one round trip over the first way that answers.
 * `look` rejects with a `HostFailure` when no way does.
 */
export interface HostReader {
  /** As `evenkeel.yaml` calls it. */
  readonly name: string;
  look(
    requests: readonly HostRequest[],
    options: { readonly signal: AbortSignal; readonly timeoutMs: Millis },
  ): Promise<HostLook>;
  /** Drops the connections. Looks under way fail. */
  close(): Promise<void>;
}

/**
 * A line for each inotify instance that a process holds: the id of its user. Of a process only `fd` is
 * entered, since to go through all of `/proc` is dearer than the rest of a look. Both sides know it word
 * for word: `find` could do much else.
 */
export const inotifyHolders: readonly [string, ...string[]] = [
  'find',
  ...['/proc', '-mindepth', '1', '-maxdepth', '3'],
  ...['(', '-path', '/proc/[!0-9]*'],
  ...['-o', '-path', '/proc/*/*', '!', '-path', '/proc/*/fd', '!', '-path', '/proc/*/fd/*', ')'],
  ...['-prune', '-o', '-lname', 'anon_inode:*inotify', '-printf', '%U\\n'],
];
