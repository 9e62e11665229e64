import { expect, it } from 'vitest';
import { observeHost } from '../observe-host.ts';
import { FakeReader } from '../testing/fake-host.ts';
import { lxcAgent } from '../testing/lxc-agent.ts';
import { look, seen, still } from '../testing/seen.ts';

/** Made for this test, of a key that was kept nowhere. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBuTCCAV+gAwIBAgIUJsCQGoh6a+I3D7Ta5TcDDoXn4WgwCgYIKoZIzj0EAwIw
MjEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMRkwFwYDVQQDDBBzeXN0ZW06bm9kZTpr
M3MxMB4XDTI2MTEyMTE1MDgwOVoXDTM2MTExODE1MDgwOVowMjEVMBMGA1UECgwM
c3lzdGVtOm5vZGVzMRkwFwYDVQQDDBBzeXN0ZW06bm9kZTprM3MxMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEK6UXxj2W5pAeYOrNzubjYpDovdo965Q6nf/Btfi+
wLVAwGY3f+KCl2ABgTD5daZ32SuOQWsprP4eU7BNoVGdkaNTMFEwHQYDVR0OBBYE
FC7jZ66oIa7jJDBWg3ijYzjEJ9NwMB8GA1UdIwQYMBaAFC7jZ66oIa7jJDBWg3ij
YzjEJ9NwMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAPYxhLZi
GNEddiBUfMs/h38m9ASbnLvPSeMdHiepSmiGAiBT0xIthZzlX65BcauW5t2iQc7j
vFwNzxKh+tLL52asQw==
-----END CERTIFICATE-----
`;
const path = '/var/lib/rancher/k3s/agent/client-kubelet.crt';

it('tells whose the first of each file is, and for how long', async () => {
  const moved = '/srv/k3s/server/tls/etcd/client.crt';
  const host = lxcAgent({
    files: {
      [path]: pem + pem,
      [moved]: pem,
      '/etc/rancher/k3s/config.yaml': 'data-dir: /srv/k3s\n',
    },
  });
  expect(await seen('certificates', host)).toEqual([
    {
      path: moved,
      subject: 'O=system:nodes, CN=system:node:k3s1',
      notBefore: Date.parse('2026-11-21T15:08:09Z'),
      notAfter: Date.parse('2036-11-18T15:08:09Z'),
    },
  ]);
});

it('asks for no key, and leaves out what is no certificate', async () => {
  const broken = pem.replace('MIIB', 'MIIC');
  const reader = new FakeReader(lxcAgent({ files: { [path]: broken } }));
  const signal = new AbortController().signal;
  const declared = { addresses: [] };
  const host = await observeHost({ reader, declared }, { clock: still, signal, timeoutMs: 8000 });
  expect(host.certificates).toEqual({ state: 'known', value: [] });
  const asked = reader.looks.flat().flatMap((each) => (each.kind === 'contents' ? each.paths : []));
  expect(
    asked.filter((each) => /\.key|kubeconfig|token|passwd|shadow|\/tls\/\*$/.test(each)),
  ).toEqual([]);
});

it('is unknown where one may not be read', async () => {
  const host = await look(lxcAgent({ denied: { [path]: 'Permission denied' } }));
  expect(host.certificates).toMatchObject({ state: 'unknown', reason: 'forbidden' });
});
