import { expect, it } from 'vitest';
import { command, lxcAgent, shown } from './testing/lxc-agent.ts';
import { look } from './testing/seen.ts';

/** Planted wherever a host could give one away. None of it may be in what is kept. */
const planted = [
  'K10a1b2c3d4e5f60718293a4b5c6d7e8f90::server:first-secret',
  'second-secret',
  'third-secret',
  'fourth-secret',
  'fifth-secret',
  'sixth-secret',
  'eyJhbGciOiJSUzI1NiJ9.seventh-secret',
  'eighth-secret',
  'ninth-secret',
  'K10b1c2::abcdef.0123456789secret',
  'tenth,tenth-secret',
];

it('keeps no secret that a host tells', async () => {
  const [k10, ...secrets] = planted;
  const [token, password, variable, env, datastore, bearer, short, broken, bootstrap, comma] =
    secrets;
  const dropIn = '/etc/systemd/system/k3s.service.d/10.conf';
  const lines = [
    `joining with token ${k10}`,
    `Authorization: Bearer ${bearer}`,
    `node password=${password} rejected`,
    `${bootstrap}, which it was given, has expired`,
    `sh -c "K3S_TOKEN=${comma} k3s agent -t ${password}"`,
    `level=error msg="dial https://admin:${short}@192.0.2.10:6443: refused"`,
  ].map((MESSAGE) => JSON.stringify({ MESSAGE, _SYSTEMD_UNIT: 'k3s.service' }));
  const host = await look(
    lxcAgent({
      runs: {
        'systemctl show *': shown('k3s.service', {
          ExecStart: command(
            `/usr/local/bin/k3s server --token ${token} -t ${short} --datastore-endpoint=mysql://k3s:${datastore}@tcp(192.0.2.9)/k3s`,
          ),
          ExecStartPre: command(`/bin/login --password=${password}`),
        }),
        'journalctl *': lines.join('\n'),
      },
      files: {
        '/proc/1/environ': `container=lxc\0PASSWORD=${env}\0`,
        '/etc/rancher/k3s/config.yaml': `token: ${k10}\nagent-token: ${token}\nkubelet-arg:\n- bootstrap-token=${k10}\n`,
        '/etc/rancher/k3s/config.yaml.d/50.yaml': `token: "${broken}\n`,
        '/etc/systemd/system/k3s.service.env': `K3S_TOKEN=${variable}\nK3S_URL=https://user:${variable}@192.0.2.10:6443\n`,
        [dropIn]: `[Service]\nExecStartPre=/bin/login --token ${token}\nEnvironment=K3S_TOKEN=${env}\n`,
        '/etc/udev/rules.d/10.rules': `SUBSYSTEM=="net", NAME="x", ENV{PASSWORD}="${password}"\n`,
      },
    }),
  );
  expect(host.units.state).toBe('known');
  expect(host.k3s.state).toBe('known');
  const kept = JSON.stringify(host);
  expect(planted.filter((secret) => kept.includes(secret))).toEqual([]);
  expect(kept).not.toMatch(
    /(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)-secret/,
  );
});
