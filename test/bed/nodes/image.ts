/** The root file system of the nodes: Debian, made once, and an ext4 image of it with our binaries. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { onPath } from '../build.ts';
import { debianMirror } from './mirror.ts';
import { removed, rootInputs, setUp, writeRootFiles } from './root-files.ts';
import { must } from './run.ts';

const release = 'bookworm';

const packages = [
  'ca-certificates',
  'conntrack',
  'containernetworking-plugins',
  'dbus',
  'ethtool',
  'iproute2',
  'iptables',
  'iputils-ping',
  'kmod',
  'nftables',
  'openssh-server',
  'procps',
  'runc',
  'sudo',
  'systemd',
  'systemd-sysv',
  'udev',
] as const;

const sizeBytes = 2 * 1024 ** 3;

/** Where each binary goes: the helpers are where k3s unpacks its own. */
const places: Readonly<Record<string, string>> = {
  node: 'usr/local/bin/k3s',
  containerd: 'var/lib/rancher/k3s/data/current/bin/containerd',
  'containerd-shim-runc-v2': 'var/lib/rancher/k3s/data/current/bin/containerd-shim-runc-v2',
  ctr: 'var/lib/rancher/k3s/data/current/bin/ctr',
  kine: 'var/lib/rancher/k3s/data/current/bin/kine',
};

const carried = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubectl',
  'kubelet',
] as const;

/** Names that lead to the one binary: a process is then called what it is. */
const links = [
  ...carried.map((name) => `var/lib/rancher/k3s/data/current/bin/${name}`),
  'usr/local/bin/ctr',
  'usr/local/bin/kubectl',
];

/** The one image that pods of the bed run; the launcher uses it as the sandbox as well. */
export const webImage = 'evenkeel.test/bed/web:1';
const webArchive = 'var/lib/rancher/k3s/agent/images/web.tar';

/** What makes one image differ from another, beside the root and the sources in Go. */
export const imageInputs = { places, links, webImage, webArchive, sizeBytes };

export function rootHash(): string {
  const inputs = JSON.stringify([release, packages, rootInputs, process.arch]);
  return createHash('sha256').update(inputs).digest('hex').slice(0, 16);
}

/** Installs Debian into a directory that exists and is empty. */
export async function makeRoot(root: string, print: (line: string) => void): Promise<void> {
  const mirror = debianMirror();
  if (mirror === undefined) throw new Error('no Debian mirror is configured for apt here');
  if (!onPath('debootstrap') && !existsSync('/usr/sbin/debootstrap'))
    throw new Error('no debootstrap (Debian package debootstrap)');
  print(`Building the root file system, Debian ${release} (about 3 minutes)`);
  const startedAt = performance.now();
  // Its mounts end with its namespace: a build that dies leaves no /proc in a directory to remove.
  const argv = ['unshare', '--mount', '--propagation=private', 'debootstrap', '--variant=minbase'];
  argv.push(`--include=${packages.join(',')}`, release, root, mirror);
  await must(argv, { timeoutMs: 1_800_000 });
  writeRootFiles(root);
  for (const command of setUp) {
    await must(['chroot', root, ...command], { env: { LC_ALL: 'C' } });
  }
  for (const name of removed) rmSync(path.join(root, name), { recursive: true, force: true });
  // dpkg and apt want them; a machine-id that is there and empty keeps "first boot" away.
  mkdirSync(path.join(root, 'var/cache/apt/archives/partial'), { recursive: true });
  mkdirSync(path.join(root, 'var/lib/apt/lists/partial'), { recursive: true });
  writeFileSync(path.join(root, 'etc/machine-id'), '');
  // mkdtemp-like modes would lock everyone but root out of the whole file system.
  chmodSync(root, 0o755);
  print(`  done in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

/** Puts the binaries into a copy of the root and makes a file system of it. */
export async function makeImage(
  { root, bin, image }: { root: string; bin: string; image: string },
  print: (line: string) => void,
): Promise<void> {
  print('Building the file system image');
  const staging = `${image}.root`;
  await must(['cp', '--archive', '--reflink=auto', root, staging], { timeoutMs: 600_000 });
  for (const [name, place] of Object.entries(places)) {
    cpSync(path.join(bin, name), path.join(staging, place));
    chmodSync(path.join(staging, place), 0o755);
  }
  for (const link of links) symlinkSync('/usr/local/bin/k3s', path.join(staging, link));
  const archive = path.join(staging, webArchive);
  const quoted = [path.join(bin, 'web'), webImage, archive];
  await must(['sh', '-c', 'exec "$0" archive "$1" > "$2"', ...quoted]);
  // Nothing of a node outlives its run, so a journal would only cost time, and so would reserved blocks.
  const options = ['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-d', staging];
  await must(['mke2fs', ...options, image, String(sizeBytes / 1024)], { timeoutMs: 600_000 });
  rmSync(staging, { recursive: true, force: true });
}
