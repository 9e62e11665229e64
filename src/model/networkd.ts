import type * as z from 'zod';
import { byText } from '../lib/order.ts';
import type { networkdSchema } from './objects/host/net.ts';

export type Networkd = z.infer<typeof networkdSchema>;
export type NetworkdFile = Networkd['files'][number];

/**
 * The `.network` file that systemd-networkd applies to an Ethernet-like interface of that name: the
 * first in the order of their names, whatever their folders, that matches. Without one it leaves the
 * interface alone.
 */
export function networkFileFor(
  files: readonly NetworkdFile[],
  name: string,
): NetworkdFile | undefined {
  return files
    .filter(({ kind }) => kind === 'network')
    .toSorted((a, b) => byText(baseName(a.path), baseName(b.path)))
    .find((file) => matches(file, name));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Kinds of virtual interfaces are Ethernet to networkd: `Type=ether` leaves none of them out. */
const matchesAny =
  /^(?:Type=ether|Kind=\*|Name=\*|Host=|Virtualization=|Architecture=|KernelVersion=|KernelCommandLine=)/i;

function matches({ matchNames, matchOther }: NetworkdFile, name: string): boolean {
  // A MAC address, a path, a driver: it means one device, and no pod's.
  if (matchOther.some((each) => !matchesAny.test(each))) return false;
  if (matchNames.length === 0) return matchOther.length > 0;
  const not = matchNames.filter((each) => each.startsWith('!'));
  if (not.some((each) => isGlobOf(each.slice(1), name))) return false;
  return not.length === matchNames.length || matchNames.some((each) => isGlobOf(each, name));
}

/** Shell patterns of `fnmatch`, of which names of interfaces use `*`, `?` and `[…]`. */
function isGlobOf(glob: string, name: string): boolean {
  const pattern = [...glob.matchAll(/\[[^\]]{1,40}\]|\*+|\?|[^*?]/g)].map(([part]) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace('[!', '[^').replaceAll('\\', '\\\\');
    return part.replace(/[.\\+^$(){}|[\]/]/, '\\$&');
  });
  return new RegExp(`^${pattern.join('')}$`).test(name);
}
