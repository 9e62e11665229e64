/**
 * Kernel settings that a kubelet makes at its start. They are the machine's, not the container's, so
 * a bed notes what they were and puts them back.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const settings = [
  '/proc/sys/kernel/keys/root_maxbytes',
  '/proc/sys/kernel/keys/root_maxkeys',
  '/proc/sys/kernel/panic',
  '/proc/sys/kernel/panic_on_oops',
  '/proc/sys/vm/overcommit_memory',
  '/proc/sys/vm/panic_on_oom',
] as const;

/** Values by the paths of their files. */
export type KernelSettings = Readonly<Record<string, string>>;

export function readKernelSettings(): KernelSettings {
  return Object.fromEntries(settings.map((file) => [file, read(file)]));
}

/** Writes only what has changed, and nothing but the settings named here. */
export function restoreKernelSettings(wanted: KernelSettings): void {
  for (const file of settings) {
    const value = wanted[file];
    if (value !== undefined && value !== read(file)) writeFileSync(file, value);
  }
}

function read(file: string): string {
  return readFileSync(file, 'utf8').trim();
}
