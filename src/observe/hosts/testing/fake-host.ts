import { HostFailure } from '../../../access/host/failure.ts';
import type {
  FileStat,
  HostAnswer,
  HostLook,
  HostReader,
  HostRequest,
} from '../../../access/host/port.ts';
import { refuseUnlisted } from '../../../access/host/programs.ts';
import type { Way, WayFailure } from '../../../model/objects/host/reach.ts';

/** What became of a program: its output, which may be `timed-out` or `no-program`, or how it ended. */
export type Ran =
  | string
  | { readonly code: number; readonly stdout?: string; readonly stderr?: string };

/** A made-up host: what is named is there, and nothing else. */
export interface FakeHost {
  readonly name?: string;
  readonly files?: { readonly [path: string]: string };
  readonly denied?: { readonly [path: string]: string };
  readonly stats?: { readonly [path: string]: Partial<FileStat> };
  /** By the whole command line; `*` at its end stands for any rest. */
  readonly runs?: { readonly [command: string]: Ran };
  readonly clock?: HostLook['clock'];
  readonly root?: boolean;
  /** Which looks fail, counted from 0, and why. */
  readonly fails?: { readonly [look: number]: WayFailure | Error | 'never' };
}

const way: Way = { transport: 'ssh', name: 'ssh root@192.0.2.11', outcome: 'answered' };

/** Answers as a driver would, refuses what no driver would run, and notes what it was asked. */
export class FakeReader implements HostReader {
  readonly name: string;
  readonly looks: (readonly HostRequest[])[] = [];
  readonly #host: FakeHost;

  constructor(host: FakeHost) {
    this.#host = host;
    this.name = host.name ?? 'k3s1';
  }

  async look(requests: readonly HostRequest[]): Promise<HostLook> {
    const fails = this.#host.fails?.[this.looks.length];
    this.looks.push(requests);
    if (fails === 'never') return await new Promise<never>(() => undefined);
    if (fails instanceof Error) throw fails;
    if (fails !== undefined) throw failure(this.name, fails);
    const { root = true, clock = { sentAt: 1000, receivedAt: 1000, hostAt: 1000 } } = this.#host;
    const answers = requests.map((request) => this.#answer(request));
    return { answers, ways: [way], clock, user: root ? 'root' : 'josh', root };
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  #answer(request: HostRequest): HostAnswer {
    const { files = {}, denied = {}, stats = {} } = this.#host;
    if (request.kind === 'contents') {
      const isAsked = matcher(request.paths);
      return {
        kind: 'contents',
        files: Object.entries(files)
          .filter(([path]) => isAsked(path))
          .map(([path, text]) => ({
            path,
            text: text.slice(0, request.maxBytes),
            cut: text.length > request.maxBytes,
          })),
        denied: Object.entries(denied)
          .filter(([path]) => isAsked(path))
          .map(([path, problem]) => ({ path, problem })),
      };
    }
    if (request.kind === 'run') return this.#ran(request.argv);
    const isAsked = matcher(request.paths);
    const there = Object.entries(stats).filter(([path]) => isAsked(path));
    return { kind: 'stats', files: there.map(([path, stat]) => statOf(path, stat)) };
  }

  #ran(argv: readonly string[]): HostAnswer {
    refuseUnlisted(argv);
    const command = argv.join(' ');
    const runs = Object.entries(this.#host.runs ?? {});
    const [, ran = 'no-program'] =
      runs.find(([each]) =>
        each.endsWith('*') ? command.startsWith(each.slice(0, -1)) : each === command,
      ) ?? [];
    if (ran === 'no-program' || ran === 'timed-out') return { kind: ran };
    const whole = typeof ran === 'string' ? { code: 0, stdout: ran } : ran;
    return { kind: 'ran', stdout: '', stderr: '', cut: false, ...whole };
  }
}

export function failure(host: string, kind: WayFailure): HostFailure {
  const failed: Way = { ...way, outcome: kind, detail: 'so it is' };
  return new HostFailure(host, [{ way: failed, kind, byHand: `ssh ${host}` }]);
}

function statOf(path: string, stat: Partial<FileStat>): FileStat {
  return { type: 'file', mode: 0o644, uid: 0, gid: 0, sizeBytes: 0, modifiedAt: 0, ...stat, path };
}

function matcher(paths: readonly string[]): (path: string) => boolean {
  const patterns = paths.map(
    (path) =>
      new RegExp(`^${path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`),
  );
  return (path) => patterns.some((pattern) => pattern.test(path));
}
