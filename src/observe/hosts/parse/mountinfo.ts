/** One line of /proc/self/mountinfo. https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export interface Mount {
  /** `major:minor` of the file system. */
  readonly device: string;
  /** What of the file system is mounted: `/` for the whole. */
  readonly root: string;
  readonly target: string;
  readonly type: string;
  readonly source: string;
  /** Of this mount, then of the file system itself. `ro` wins: either forbids to write. */
  readonly options: readonly string[];
}

const line = /^\d+ \d+ (\d+:\d+) (\S+) (\S+) (\S+) (?:\S+ )*?- (\S+) (\S*) (\S+)$/;

/** In order: the last mount on a path is the one that is seen there. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((each) => {
    const [, device, root, target, own, type, source, shared] = line.exec(each) ?? [];
    if (device === undefined || shared === undefined) return [];
    return [
      {
        device,
        root: unescaped(root ?? ''),
        target: unescaped(target ?? ''),
        type: type ?? '',
        source: unescaped(source ?? ''),
        options: merged((own ?? '').split(','), shared.split(',')),
      },
    ];
  });
}

/** Where the path lies: the last mount of the longest target that holds it. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const { target } = mount;
    const holds = path === target || path.startsWith(target === '/' ? '/' : `${target}/`);
    if (holds && target.length >= (found?.target.length ?? 0)) found = mount;
  }
  return found;
}

function merged(own: readonly string[], shared: readonly string[]): string[] {
  const all = [...new Set([...own, ...shared])];
  return all.includes('ro') ? all.filter((each) => each !== 'rw') : all;
}

/** Space, tab, line feed and backslash are written in octal. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
