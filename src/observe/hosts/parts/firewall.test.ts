import { expect, it } from 'vitest';
import { agentUnit, lxcAgent, shown } from '../testing/lxc-agent.ts';
import { seen } from '../testing/seen.ts';

const rule = '### tuple ### allow any any 0.0.0.0/0 any 10.42.0.0/16 in\n';
const save = ':KUBE-SERVICES - [0:0]\n:KUBE-SVC-A - [0:0]\n';

it('tells both backends, asking the older one only where the kernel holds it', async () => {
  const runs = {
    'iptables --version': 'iptables v1.8.9 (nf_tables)\n',
    'iptables-nft-save -t nat': save,
    'iptables-legacy-save': ':KUBE-SERVICES - [0:0]\n',
    'nft list tables': 'table ip nat\ntable ip kube-proxy\n',
  };
  expect(await seen('firewall', lxcAgent({ runs }))).toEqual({
    fronts: [],
    allows: [],
    iptablesBackend: 'nft',
    kubeChains: { nft: 2, legacy: 0 },
    kubeProxyNftTable: true,
  });
  const files = { '/proc/net/ip_tables_names': 'nat\n' };
  expect((await seen('firewall', lxcAgent({ runs, files }))).kubeChains).toEqual({
    nft: 2,
    legacy: 1,
  });
});

it('counts nothing where it could not ask', async () => {
  const found = await seen(
    'firewall',
    lxcAgent({ root: false, runs: { 'iptables-nft-save *': '' } }),
  );
  expect(found.kubeChains).toEqual({});
});

it.each([
  [
    'ufw.service',
    { '/etc/ufw/ufw.conf': 'ENABLED=yes\n', '/etc/ufw/user.rules': rule },
    ['ufw'],
    ['allow from 10.42.0.0/16'],
  ],
  ['ufw.service', { '/etc/ufw/ufw.conf': 'ENABLED=no\n', '/etc/ufw/user.rules': rule }, [], []],
  ['other.service', { '/etc/ufw/ufw.conf': 'ENABLED=yes\n', '/etc/ufw/user.rules': rule }, [], []],
  [
    'firewalld.service',
    { '/etc/firewalld/zones/trusted.xml': '<source address="10.42.0.0/16"/>' },
    ['firewalld'],
    ['trusted: source 10.42.0.0/16'],
  ],
])('%s with %j', async (unit, files, fronts, allows) => {
  const runs = { 'systemctl show *': `${agentUnit}\n${shown(unit)}` };
  expect(await seen('firewall', lxcAgent({ runs, files }))).toMatchObject({ fronts, allows });
});
