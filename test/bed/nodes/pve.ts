/** A stand-in for the Proxmox host of the nodes: an sshd of its own, and a `pct` that knows them. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startDaemon } from './daemon.ts';
import { addresses, type BedNode, bedDirectory, lxcPath, namespaces } from './layout.ts';
import { lxcInfoScript, pctScript } from './pct.ts';
import { must } from './run.ts';
import { makeHostKey, sshAccess } from './ssh.ts';

const hostName = 'pve';
const sshPort = 22;

/** Starts the host; `keys` is the directory of the run's keys. */
export async function startPve(nodes: readonly BedNode[], keys: string): Promise<void> {
  const directory = path.join(bedDirectory(), hostName);
  const programs = path.join(directory, 'sbin');
  mkdirSync(programs, { recursive: true });
  const hostKey = await makeHostKey(keys, hostName, addresses.pve);
  const network = await machineNetwork(directory);
  const settings = { hostName, nodes, lxcPath: lxcPath(), network };
  const scripts = { pct: pctScript(settings), 'lxc-info': lxcInfoScript(settings) };
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(path.join(programs, name), text, { mode: 0o755 });
  }
  const config = path.join(directory, 'sshd_config');
  writeFileSync(config, sshdConfig(hostKey, `${sshAccess(keys).key}.pub`));
  // sshd wants the directory, and a machine whose own sshd never ran has none.
  if (!existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
  const argv = ['unshare', '--mount', '--propagation=slave', '--uts', 'sh', '-ec', inside];
  const names = [hostName, `${programs}:/usr/sbin`, config];
  await startDaemon(hostName, namespaces.pve, [...argv, ...names], sshPort);
}

/** They lie where they come before the machine's own, for this sshd and its children only. */
const inside = `
hostname "$0"
mount -t overlay -o "lowerdir=$1" overlay /usr/sbin
exec /usr/sbin/sshd -D -e -f "$2"
`;

/** LXC's command sockets belong to the machine's network namespace: this file leads back there. */
async function machineNetwork(directory: string): Promise<string> {
  const file = path.join(directory, 'machine.net');
  writeFileSync(file, '');
  await must(['mount', '--bind', '/proc/self/ns/net', file]);
  return file;
}

function sshdConfig(hostKey: string, authorizedKeys: string): string {
  return `Port ${sshPort}
ListenAddress ${addresses.pve}
HostKey ${hostKey}
AuthorizedKeysFile ${authorizedKeys}
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
UseDNS no
PidFile none
Subsystem sftp internal-sftp
`;
}
