/** What every node's root file system has beyond its Debian packages. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** `josh` may become root without a password, `nosudo` may not become anyone. */
export const people = ['josh', 'nosudo'] as const;

const files: Readonly<Record<string, string>> = {
  '/etc/sudoers.d/josh': 'josh ALL=(ALL) NOPASSWD: ALL\n',
  '/etc/ssh/sshd_config.d/bed.conf': 'UseDNS no\nPasswordAuthentication no\n',
  // Routes to the pod networks of other nodes are the launcher's.
  '/etc/systemd/networkd.conf.d/bed.conf':
    '[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\n',
  // The file system is small, and a test fills it on purpose.
  '/etc/systemd/journald.conf.d/bed.conf': '[Journal]\nStorage=persistent\nSystemMaxUse=48M\n',
  // There is no name server on the bridge: a name that is not in /etc/hosts fails at once.
  '/etc/resolv.conf': '# no name server\n',
};

/** Timers and consoles that nobody needs here and that would slow down a start. */
const masked = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'console-getty.service',
  'container-getty@.service',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'getty@.service',
  'systemd-networkd-wait-online.service',
];

const directories = [
  '/etc/rancher/k3s',
  '/etc/rancher/node',
  '/var/lib/rancher/k3s/agent/images',
  '/var/lib/rancher/k3s/data/current/bin',
  '/var/log/journal',
];

/** Commands that run inside the new root, in order. */
export const setUp: readonly (readonly string[])[] = [
  ...people.map((name) => ['useradd', '--create-home', '--shell=/bin/bash', name]),
  ['systemctl', 'enable', 'systemd-networkd.service', 'ssh.service'],
  ['systemctl', 'mask', ...masked],
];

/** Left out: caches, manuals, and what must differ between nodes. */
export const removed = [
  'etc/machine-id',
  'etc/hostname',
  'usr/share/doc',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/man',
  'var/cache/apt',
  'var/lib/apt/lists',
  'var/lib/dbus/machine-id',
  'var/log/bootstrap.log',
] as const;

export function writeRootFiles(root: string): void {
  for (const directory of directories) mkdirSync(path.join(root, directory), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Everything above, for the name of a build. */
export const rootInputs = { files, masked, directories, setUp, removed };
