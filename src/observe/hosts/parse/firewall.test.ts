import { expect, it } from 'vitest';
import { countKubeChains, parseFirewalldZone, parseUfwRules } from './firewall.ts';

it('reads what ufw lets in', () => {
  const text = `### RULES ###
### tuple ### allow any any 0.0.0.0/0 any 10.42.0.0/16 in
-A ufw-user-input -s 10.42.0.0/16 -j ACCEPT
### tuple ### allow tcp 6443 0.0.0.0/0 any 0.0.0.0/0 in comment=6170
### tuple ### deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
### tuple ### allow any 8472/udp 0.0.0.0/0 any 192.0.2.0/24 in_eth0
`;
  expect(parseUfwRules(text)).toEqual([
    'allow from 10.42.0.0/16',
    'allow 6443/tcp',
    'allow 8472/udp from 192.0.2.0/24 in on eth0',
  ]);
});

it('reads what a zone of firewalld holds', () => {
  const text = `<zone target="ACCEPT"><short>Trusted</short>
  <source address="10.42.0.0/16"/><port port="6443" protocol="tcp"/><!-- <port port="1"/> -->
  <service name="ssh"/></zone>`;
  expect(parseFirewalldZone('trusted', text)).toEqual([
    'trusted: source 10.42.0.0/16',
    'trusted: 6443/tcp',
    'trusted: service ssh',
  ]);
});

it('counts chains that are declared, not rules', () => {
  expect(countKubeChains(':KUBE-SVC-A - [0:0]\n:INPUT ACCEPT [0:0]\n-A KUBE-SVC-A -j X\n')).toBe(1);
});
