import { expect, it } from 'vitest';
import { command, lxcAgent, shown, tcpLine } from '../testing/lxc-agent.ts';
import { look, seen } from '../testing/seen.ts';

const own = '0B0200C0:D431';
const server = '0A0200C0:192B';
const config = '/etc/rancher/k3s/config.yaml';

it('counts connections to the server by what becomes of them', async () => {
  const tcp = [
    tcpLine(own, server, '01', '00', 0),
    tcpLine(own, server, '01', '02', 0),
    tcpLine(own, server, '01', '01', 0),
    tcpLine(own, server, '01', '01', 4),
    tcpLine(own, server, '02', '01', 1),
    tcpLine(own, server, '06', '03', 0),
    tcpLine(own, '630200C0:192B', '01', '00', 0),
    tcpLine(own, '0A0200C0:0050', '01', '00', 0),
    tcpLine(server, own, '01', '00', 0),
  ].join('');
  expect(await seen('serverPath', lxcAgent({ files: { '/proc/net/tcp': tcp } }))).toEqual({
    address: '192.0.2.10',
    port: 6443,
    flowing: 3,
    stalled: 1,
    connecting: 1,
  });
});

it('counts none where there is none', async () => {
  const found = await seen('serverPath', lxcAgent({ files: { '/proc/net/tcp': '' } }));
  expect(found).toMatchObject({ flowing: 0, stalled: 0, connecting: 0 });
});

it('resolves a name, and follows what the agent noted', async () => {
  const host = lxcAgent({
    files: {
      [config]: 'server: https://k3s.example:6443\n',
      '/var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json':
        '{"ServerURL":"https://k3s.example:6443","ServerAddresses":["192.0.2.99:6443"]}',
      '/proc/net/tcp':
        tcpLine(own, server, '01', '00', 0) + tcpLine(own, '630200C0:192B', '02', '01', 0),
    },
    runs: {
      'getent ahosts k3s.example': '192.0.2.10      STREAM k3s.example\n192.0.2.10      DGRAM\n',
    },
  });
  expect(await seen('serverPath', host)).toEqual({
    address: 'k3s.example',
    port: 6443,
    flowing: 1,
    stalled: 0,
    connecting: 1,
  });
});

it('of a server leads to itself, by any of its addresses', async () => {
  const host = lxcAgent({
    runs: {
      'systemctl show *': shown('k3s.service', { ExecStart: command('/usr/local/bin/k3s server') }),
    },
    files: {
      [config]: '',
      '/proc/net/tcp':
        tcpLine('0100007F:D431', '0100007F:192B', '01', '00', 0) +
        tcpLine(own, '0B0200C0:192C', '01', '00', 0) +
        tcpLine(own, server, '01', '00', 0),
    },
  });
  expect(await seen('serverPath', host)).toMatchObject({
    address: '127.0.0.1',
    port: 6443,
    flowing: 2,
  });
});

it('is unknown where nobody says which server it is', async () => {
  const host = await look(lxcAgent({ files: { [config]: '' } }));
  expect(host.serverPath).toMatchObject({ state: 'unknown', reason: 'no-answer' });
});
