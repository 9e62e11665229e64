import { byText } from '../../lib/order.ts';
import type { Answers } from './answers.ts';
import { k3sSettings, pathOf } from './k3s-settings.ts';
import { kubeletArgv } from './kubelet-process.ts';
import { optionValues } from './parse/argv.ts';

export const defaultRoot = '/var/lib/kubelet';

/** The default, where k3s kept it before v0.10, and where it is configured to be. */
export function rootsOf(answers: Answers): string[] {
  const { dataDir, all } = k3sSettings(answers);
  const told = rootDirs(all('kubelet-arg'));
  return [...new Set([defaultRoot, `${dataDir}/agent/kubelet`, ...told])].toSorted(byText);
}

/** Where the kubelet that runs is told to keep its pods. k3s's own data directory does not move it. */
export function runningRoot(answers: Answers): string {
  const args = [...k3sSettings(answers).all('kubelet-arg'), ...kubeletArgv(answers)];
  return rootDirs(args).at(-1) ?? defaultRoot;
}

function rootDirs(args: readonly string[]): string[] {
  const given = args.map((arg) => `--${arg.replace(/^--/, '')}`);
  return optionValues(given, 'root-dir').flatMap((path) => pathOf(path) ?? []);
}
