/** Machines that spoil a look over ssh, each in its own way, beside those that are well. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inNode } from '../bed/nodes/faults/fault.ts';
import type { BedNode } from '../bed/nodes/layout.ts';
import type { Nodes } from '../bed/nodes/nodes.ts';
import { must } from '../bed/nodes/run.ts';
import { evenkeel, type Look, lookWith, writeConfig } from '../drill/looks.ts';

export interface SshFault {
  /** As evenkeel.yaml calls the machine. */
  readonly host: string;
  readonly outcome: string;
  /** What a person must find in its detail; absent where there is nothing to say beyond the outcome. */
  readonly says?: RegExp;
}

export const sshFaults: readonly SshFault[] = [
  { host: 'changed-key', outcome: 'host-key-changed', says: /SHA256:\S+.*SHA256:\S+/ },
  { host: 'cut', outcome: 'cut' },
  { host: 'floods', outcome: 'output-too-large' },
  { host: 'hangs', outcome: 'timed-out' },
  { host: 'no-sudo', outcome: 'no-sudo', says: /a password is required/ },
  { host: 'wrong-key', outcome: 'denied', says: /no key is accepted/ },
];

/** It prints what nobody asked for, and answers. */
export const noisyHost = 'noisy';

/** The sshd whose host key changes listens beside the usual one: a host key belongs to a port. */
const otherPort = 2222;
const otherUnit = 'evenkeel-bed-sshd';
const hostKey = (name: string): string => `/etc/ssh/evenkeel_bed_${name}`;
export const floodBytes = 1024 ** 3;
const shellOf = (user: string): string => `/usr/local/bin/shell-of-${user}`;

/** Login shells, by the user who has it. */
const shells: Readonly<Record<string, string>> = {
  hangs: 'exec sleep infinity',
  floods: `head -c ${floodBytes} /dev/zero | tr '\\0' x`,
  // What has been read goes to the client first, so that the answer ends in the middle.
  cut: '/bin/sh "$@" | head -c 3000; sleep 0.3; kill -9 "$PPID"',
  noisy: [
    String.raw`printf 'Welcome to \033[1mnoisy\033[0m\nB=\0 S=\0H=\0\n'`,
    'echo "quota: no such file or directory" >&2',
    'exec /bin/bash "$@"',
  ].join('\n'),
};

/** Makes the users, and the sshd whose host key is pinned and then changes. */
export async function plantSshFaults(nodes: Nodes): Promise<void> {
  const [first, second] = placesOf(nodes);
  await inNode(nodes, second, ['sh', '-ec', usersScript()]);
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', strangeKey(nodes)]);
  await inNode(nodes, first, ['sh', '-ec', hostKeysScript]);
  await startOtherSshd(nodes, first, 'before');
  const { code, stdout, stderr } = await evenkeel(nodes, [
    ...['host', 'facts', 'changed-key'],
    ...['--hosts', writeMixedConfig(nodes)],
  ]);
  if (code !== 0) throw new Error(`its host key was not pinned: ${stdout}${stderr}`);
  await startOtherSshd(nodes, first, 'after');
}

/** Takes all of it away again, however much of it there is. */
export async function removeSshFaults(nodes: Nodes): Promise<void> {
  const [first, second] = placesOf(nodes);
  const names = Object.keys(shells).join(' ');
  await nodes.attach(first, ['systemctl', 'stop', otherUnit]);
  await nodes.attach(second, [
    ...['sh', '-c'],
    `rm -f /etc/ssh/sshd_config.d/noisy.conf; systemctl reload ssh
    for name in ${names}; do pkill -KILL -u $name; userdel --remove $name; done 2>/dev/null
    rm -f /etc/sudoers.d/ssh-faults`,
  ]);
}

/** `evenkeel.yaml` with all nodes and pve over ssh, and beside them the machines that spoil a look. */
export function writeMixedConfig(nodes: Nodes): string {
  const config = JSON.parse(readFileSync(writeConfig(nodes, 'ssh'), 'utf8')) as {
    hosts: Record<string, object>;
  };
  const [first, second] = placesOf(nodes);
  const identityFile = nodes.ssh.key;
  const root = { address: first.address, user: 'root', identityFile };
  const asUser = (user: string): object => ({
    ssh: { address: second.address, user, identityFile },
  });
  const faulty = {
    'changed-key': { ssh: { ...root, port: otherPort } },
    'wrong-key': { ssh: { ...root, identityFile: strangeKey(nodes) } },
    'no-sudo': { ssh: { ...root, user: 'nosudo' } },
    ...Object.fromEntries(Object.keys(shells).map((name) => [name, asUser(name)])),
  };
  const file = path.join(nodes.directory, 'mixed.yaml');
  writeFileSync(file, JSON.stringify({ ...config, hosts: { ...config.hosts, ...faulty } }));
  return file;
}

/** The fingerprints of the host key that was pinned and of the one that is shown now. */
export async function changedPrints(nodes: Nodes): Promise<readonly string[]> {
  const [first] = placesOf(nodes);
  const print = async (name: string): Promise<string> => {
    const said = await inNode(nodes, first, ['ssh-keygen', '-l', '-f', `${hostKey(name)}.pub`]);
    return /SHA256:\S+/.exec(said)?.[0] ?? `no fingerprint in ${said}`;
  };
  return [await print('before'), await print('after')];
}

export interface Measured extends Look {
  /** The most memory that the process ever held. */
  readonly peakMebibytes: number;
}

/** An audit whose process writes down, as it ends, how much memory it has held. */
export async function measuredLook(nodes: Nodes, file: string): Promise<Measured> {
  const result = path.join(nodes.directory, 'peak');
  const module = path.join(nodes.directory, 'peak.mjs');
  const write = `writeFileSync(${JSON.stringify(result)}, String(process.resourceUsage().maxRSS))`;
  const lines = ["import { writeFileSync } from 'node:fs';", `process.on('exit', () => ${write});`];
  writeFileSync(module, lines.join('\n'));
  const looked = await lookWith(nodes, file, [], ['--import', module]);
  return { ...looked, peakMebibytes: Math.round(Number(readFileSync(result, 'utf8')) / 1024) };
}

/** What its shell prints, counted on the machine itself. */
export async function floodSize(nodes: Nodes): Promise<number> {
  const [, second] = placesOf(nodes);
  const argv = ['sh', '-c', `${shellOf('floods')} | wc -c`];
  return Number(await inNode(nodes, second, argv));
}

/** Bad ones share their machines with two nodes that are well. */
function placesOf({ workers }: Nodes): readonly [BedNode, BedNode] {
  const [first, second] = workers;
  if (first === undefined || second === undefined) throw new Error('two workers are needed');
  return [first, second];
}

function strangeKey({ directory }: Nodes): string {
  return path.join(directory, 'strange-key');
}

const hostKeysScript = ['before', 'after']
  .map((name) => `ssh-keygen -q -t ed25519 -N '' -f ${hostKey(name)}`)
  .join('\n');

/** A unit of its own, so that what stops it is systemd. */
async function startOtherSshd(nodes: Nodes, node: BedNode, key: string): Promise<void> {
  await nodes.attach(node, ['systemctl', 'stop', otherUnit]);
  await inNode(nodes, node, [
    ...['systemd-run', '--quiet', `--unit=${otherUnit}`],
    ...['/usr/sbin/sshd', '-D', '-p', String(otherPort), '-h', hostKey(key)],
  ]);
  await inNode(nodes, node, [
    ...['sh', '-c'],
    `for n in $(seq 50); do ss -Htln 'sport = :${otherPort}' | grep -q . && exit; sleep 0.1; done; exit 1`,
  ]);
}

/** All of them may become root and log in with the bed's key: it is their shells that are bad. */
function usersScript(): string {
  const users = Object.entries(shells).map(
    ([name, script]) => `
cat >${shellOf(name)} <<'END'
#!/bin/sh
${script}
END
chmod 755 ${shellOf(name)}
useradd --create-home --shell=${shellOf(name)} ${name}
install -d -m 700 -o ${name} -g ${name} /home/${name}/.ssh
install -m 600 -o ${name} -g ${name} /root/.ssh/authorized_keys /home/${name}/.ssh/
echo '${name} ALL=(ALL) NOPASSWD: ALL' >>/etc/sudoers.d/ssh-faults`,
  );
  const banner = `
echo 'Authorised use only. All of it is watched.' >/etc/ssh/bed-banner
printf 'Match User noisy\\n  Banner /etc/ssh/bed-banner\\n' >/etc/ssh/sshd_config.d/noisy.conf
systemctl reload ssh`;
  return [...users, banner].join('\n');
}
