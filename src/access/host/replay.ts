import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { shortHash } from '../../lib/hash.ts';
import { asked } from './look-words.ts';
import type {
  FileContents,
  FileStat,
  HostAnswer,
  HostLook,
  HostReader,
  HostRequest,
} from './port.ts';
import { refuseUnlisted } from './programs.ts';
import { expand, placeOf } from './replay-root.ts';
import { statOf } from './replay-stat.ts';

export interface ReplayOptions {
  readonly name: string;
  /**
   * What was recorded: `root/` stands for the host's `/`; `run/<name>` holds what a program printed
   * (`runName`), `run/<name>.json` its `code` and `stderr` where they are not 0 and empty;
   * `stats.json` maps paths to `FileStat`s, for what a directory cannot hold, such as devices.
   */
  readonly directory: string;
  readonly clock: Clock;
  readonly root?: boolean;
  readonly user?: string;
}

/** How a recorded answer's file is called: readable where that is unambiguous, and short. */
export function runName(argv: readonly string[]): string {
  const text = argv.join(' ');
  const name = text.replaceAll('/', '_').replace(/[^\w .,:=@+-]/g, '_');
  return name === text && name.length <= 120 ? name : `${name.slice(0, 100)} ${shortHash(text)}`;
}

/** A host as it was recorded, or as a test has it. */
export class ReplayReader implements HostReader {
  readonly name: string;
  readonly #options: ReplayOptions;
  readonly #root: string;

  constructor(options: ReplayOptions) {
    this.name = options.name;
    this.#options = options;
    this.#root = join(options.directory, 'root');
  }

  async look(requests: readonly HostRequest[]): Promise<HostLook> {
    const { clock, directory, root = true, user = 'root' } = this.#options;
    const now = clock.now();
    const answers = await Promise.all(requests.map((request) => this.#answer(request)));
    return {
      answers,
      ways: [{ transport: 'replay', name: `replay ${directory}`, outcome: 'answered' }],
      clock: { sentAt: now, hostAt: now, receivedAt: clock.now() },
      user,
      root,
    };
  }

  async close(): Promise<void> {
    return undefined;
  }

  #answer(request: HostRequest): Promise<HostAnswer> {
    switch (request.kind) {
      case 'contents':
        return this.#contents(request.paths, request.maxBytes);
      case 'stats':
        return this.#stats(request.paths);
      case 'run':
        return this.#run(request);
    }
  }

  async #expanded(paths: readonly string[]): Promise<readonly string[]> {
    const each = paths.map(async (path) =>
      path.includes('*') ? await expand(this.#root, path) : [path],
    );
    return (await Promise.all(each)).flat();
  }

  async #contents(paths: readonly string[], maxBytes: number): Promise<HostAnswer> {
    const files: FileContents[] = [];
    const denied: { path: string; problem: string }[] = [];
    for (const path of await this.#expanded(paths)) {
      const place = await placeOf(this.#root, path, true);
      if (place === undefined || !(await stat(place)).isFile()) continue;
      try {
        const bytes = await readFile(place);
        const text = bytes.subarray(0, maxBytes).toString('utf8');
        files.push({ path, text, cut: bytes.length > maxBytes });
      } catch (error) {
        denied.push({ path, problem: String((error as NodeJS.ErrnoException).code) });
      }
    }
    return { kind: 'contents', files, denied };
  }

  async #stats(paths: readonly string[]): Promise<HostAnswer> {
    const recorded = await this.#recorded();
    const isAsked = asked(paths);
    const expanded = await this.#expanded(paths);
    const files: FileStat[] = [...recorded.values()].filter(({ path }) => isAsked(path));
    for (const path of expanded.filter((each) => !recorded.has(each))) {
      const found = await statOf(this.#root, path);
      if (found) files.push(found);
    }
    return { kind: 'stats', files };
  }

  async #recorded(): Promise<ReadonlyMap<string, FileStat>> {
    const text = await textOf(join(this.#options.directory, 'stats.json'));
    const stats = JSON.parse(text ?? '{}') as { readonly [path: string]: Omit<FileStat, 'path'> };
    return new Map(Object.entries(stats).map(([path, each]) => [path, { ...each, path }]));
  }

  async #run({ argv, maxBytes }: Extract<HostRequest, { kind: 'run' }>): Promise<HostAnswer> {
    refuseUnlisted(argv);
    const file = join(this.#options.directory, 'run', runName(argv));
    const stdout = await textOf(file);
    const rest = await textOf(`${file}.json`);
    if (stdout === undefined && rest === undefined) return { kind: 'no-program' };
    const { code = 0, stderr = '' } = JSON.parse(rest ?? '{}') as Partial<
      Extract<HostAnswer, { kind: 'ran' }>
    >;
    const bytes = Buffer.from(stdout ?? '');
    const text = bytes.subarray(0, maxBytes).toString('utf8');
    return { kind: 'ran', code, stdout: text, stderr, cut: bytes.length > maxBytes };
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
