/** What `df --output=target,size,avail,itotal,iavail` says of one file system. */
export interface Space {
  readonly sizeBytes: number;
  readonly availableBytes: number;
  /** Absent where the file system has no fixed number of them. */
  readonly inodes?: number;
  readonly inodesFree?: number;
}

export const dfColumns = '--output=size,avail,itotal,iavail,target';

/** By mount point, which comes last since it may hold spaces. */
export function parseDf(text: string): ReadonlyMap<string, Space> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, size, available, inodes, free, target] =
        /^\s*(\d+)\s+(\d+)\s+(\d+|-)\s+(\d+|-)\s+(\/.*)$/.exec(line) ?? [];
      if (target === undefined) return [];
      const hasInodes = Number(inodes) > 0;
      const space: Space = {
        sizeBytes: Number(size),
        availableBytes: Number(available),
        ...(hasInodes ? { inodes: Number(inodes), inodesFree: Number(free) } : {}),
      };
      return [[target, space] as const];
    }),
  );
}
