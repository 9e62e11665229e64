/** Keys for ssh, made at the start of a bed, and what a client needs to use them. */
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { addresses, type BedNode } from './layout.ts';
import { people } from './root-files.ts';
import { must } from './run.ts';

/** What a client hands to ssh. */
export interface SshAccess {
  /** Path of the private key that root, josh and nosudo accept. */
  readonly key: string;
  readonly knownHosts: string;
  /** Path of an ssh_config with both, and the nodes' names. */
  readonly config: string;
}

export function sshAccess(keys: string): SshAccess {
  return {
    key: path.join(keys, 'id_ed25519'),
    knownHosts: path.join(keys, 'known_hosts'),
    config: path.join(keys, 'ssh_config'),
  };
}

/** Makes the client's key and the configuration of its ssh. */
export async function makeClientKey(keys: string, nodes: readonly BedNode[]): Promise<void> {
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const access = sshAccess(keys);
  await makeKey(access.key, 'evenkeel-bed');
  writeFileSync(access.knownHosts, '');
  const hosts = [...nodes, { name: 'pve', address: addresses.pve }];
  const blocks = hosts.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`);
  const general = [
    'Host *',
    `  IdentityFile ${access.key}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${access.knownHosts}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    '  BatchMode yes',
    '',
  ];
  writeFileSync(access.config, [...blocks, ...general].join('\n'));
}

/** Gives the node its host key, and lets the client's key in for every user. */
export async function authorize(node: BedNode, keys: string): Promise<void> {
  const host = await makeHostKey(keys, node.name, node.address);
  const place = path.join(node.root, 'etc/ssh/ssh_host_ed25519_key');
  copyFileSync(host, place);
  chmodSync(place, 0o600);
  copyFileSync(`${host}.pub`, `${place}.pub`);
  for (const home of ['root', ...people.map((name) => `home/${name}`)]) {
    const { uid, gid } = statSync(path.join(node.root, home));
    const directory = path.join(node.root, home, '.ssh');
    const file = path.join(directory, 'authorized_keys');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    copyFileSync(`${sshAccess(keys).key}.pub`, file);
    for (const name of [directory, file]) chownSync(name, uid, gid);
  }
}

/** Makes a host key that the client knows under the name and the address. Returns its path. */
export async function makeHostKey(keys: string, name: string, address: string): Promise<string> {
  const file = path.join(keys, `host-${name}`);
  await makeKey(file, name);
  const line = `${address},${name} ${readFileSync(`${file}.pub`, 'utf8')}`;
  appendFileSync(sshAccess(keys).knownHosts, line);
  return file;
}

async function makeKey(file: string, comment: string): Promise<void> {
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
}
