/** HAProxy on the switch, in front of the web app's NodePort on every node. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startDaemon } from './daemon.ts';
import { addresses, type BedNode, bedDirectory, namespaces } from './layout.ts';

/** Where HAProxy of the bed can be asked; every URL is one for the client's namespace. */
export interface HaproxyAccess {
  /** The web app, through HAProxy. */
  readonly url: string;
  readonly statsUrl: string;
  readonly csvUrl: string;
  /** Path of the stats socket, which also takes commands. */
  readonly socket: string;
  readonly configFile: string;
  readonly log: string;
}

export function haproxyAccess(): HaproxyAccess {
  const stats = `http://${addresses.switch}:${addresses.stats}/stats`;
  return {
    url: `http://${addresses.switch}:${addresses.web}/`,
    statsUrl: stats,
    csvUrl: `${stats};csv`,
    socket: path.join(bedDirectory(), 'haproxy.sock'),
    configFile: path.join(bedDirectory(), 'haproxy.cfg'),
    log: path.join(bedDirectory(), 'haproxy.log'),
  };
}

export async function startHaproxy(nodes: readonly BedNode[]): Promise<void> {
  const { configFile } = haproxyAccess();
  writeFileSync(configFile, configText(nodes));
  const argv = ['haproxy', '-db', '-f', configFile];
  await startDaemon('haproxy', namespaces.switch, argv, addresses.stats);
}

function configText(nodes: readonly BedNode[]): string {
  const servers = nodes.map(
    ({ name, address }) => `  server ${name} ${address}:${addresses.nodePort} check`,
  );
  return `global
  log stdout format raw local0
  stats socket ${haproxyAccess().socket} mode 600 level admin

defaults
  mode http
  log global
  timeout connect 2s
  timeout client 10s
  timeout server 10s
  timeout check 2s

frontend web
  bind ${addresses.switch}:${addresses.web}
  default_backend web

frontend stats
  bind ${addresses.switch}:${addresses.stats}
  no log
  stats enable
  stats uri /stats

backend web
  balance roundrobin
  option httpchk GET /
  default-server inter 2s fall 3 rise 2
${servers.join('\n')}
`;
}
