/** What makes a copy of the image one certain node: its name, its network, its keys and its unit. */
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { addresses, type BedNode, bedDirectory, serverURL } from './layout.ts';
import { authorize } from './ssh.ts';

const configFile = '/etc/rancher/k3s/config.yaml';

export interface NodeSettings {
  readonly nodes: readonly BedNode[];
  /** PEM of the authority that signs the API server's certificate. */
  readonly authority: string;
  /** The secret part of the join token. */
  readonly secret: string;
  /** Further keys of config.yaml, by the node's name. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Directory of the run's keys. */
  readonly keys: string;
}

/** Writes the node's files; its file system is mounted and its container does not run yet. */
export async function provision(node: BedNode, settings: NodeSettings): Promise<void> {
  const write = (name: string, text: string, mode = 0o644): void => {
    const file = path.join(node.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  };
  write('/etc/hostname', `${node.name}\n`);
  // With an empty one all nodes would say the same machineID.
  write('/etc/machine-id', `${randomBytes(16).toString('hex')}\n`);
  write('/etc/hosts', hosts(settings.nodes));
  write('/etc/systemd/network/10-eth0.network', networkFile(node));
  write(configFile, configText(node, settings), 0o600);
  write(`/etc/systemd/system/${node.unit}.service`, unitText(node));
  const wants = path.join(node.root, 'etc/systemd/system/multi-user.target.wants');
  mkdirSync(wants, { recursive: true });
  symlinkSync(`/etc/systemd/system/${node.unit}.service`, `${wants}/${node.unit}.service`);
  await authorize(node, settings.keys);
}

/** The join token in its full form, which names the authority by its hash. */
function joinToken(authority: string, secret: string): string {
  const hash = createHash('sha256').update(readFileSync(authority)).digest('hex');
  return `K10${hash}::server:${secret}`;
}

/** config.yaml as a good one; JSON is YAML. */
function configText(node: BedNode, settings: NodeSettings): string {
  const { nodes, authority, secret, config } = settings;
  const own =
    node.role === 'server'
      ? { token: secret }
      : { server: serverURL(nodes), token: joinToken(authority, secret) };
  const keys = {
    'node-name': node.name,
    'node-ip': node.address,
    // By itself it keeps the taint for five minutes, and every drill of a disk would wait for it.
    'kubelet-arg': ['eviction-pressure-transition-period=20s'],
    ...own,
    ...config[node.name],
  };
  const lines = Object.entries(keys).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${lines.join('\n')}\n`;
}

/** Spoils a node's config.yaml so that it is no YAML any more. */
export function breakConfig(node: BedNode): void {
  if (!existsSync(goodConfig(node)))
    copyFileSync(path.join(node.root, configFile), goodConfig(node));
  appendFileSync(path.join(node.root, configFile), 'kubelet-arg: [ "max-pods=110"\n  node-label\n');
}

export function restoreConfig(node: BedNode): void {
  copyFileSync(goodConfig(node), path.join(node.root, configFile));
}

function goodConfig(node: BedNode): string {
  return path.join(bedDirectory(), `${node.name}.config.yaml`);
}

function hosts(nodes: readonly BedNode[]): string {
  const lines = ['127.0.0.1 localhost', '::1 localhost'];
  return [...lines, ...nodes.map(({ address, name }) => `${address} ${name}`), ''].join('\n');
}

function networkFile(node: BedNode): string {
  return `[Match]
Name=eth0

[Network]
Address=${node.address}/${addresses.prefixLength}
Gateway=${addresses.switch}
LinkLocalAddressing=no
IPv6AcceptRA=no
`;
}

/** The directives of the unit that k3s's installer writes. */
function unitText(node: BedNode): string {
  const description =
    node.role === 'server' ? 'k3s server (assembled for tests)' : 'k3s agent (assembled for tests)';
  return `[Unit]
Description=${description}
Wants=network-online.target
After=network-online.target

[Service]
Type=${node.role === 'server' ? 'notify' : 'exec'}
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-/etc/systemd/system/${node.unit}.service.env
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/local/bin/k3s ${node.role}

[Install]
WantedBy=multi-user.target
`;
}
