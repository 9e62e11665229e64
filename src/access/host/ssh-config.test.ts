import { expect, test } from 'vitest';
import { titled } from '../../../test/support/titled.ts';
import { run } from './run.ts';
import { askSshConfig, sshConfigSays } from './ssh-config.ts';
import { noProgram, TestPlace } from './testing/place.ts';

const usual = `host 192.0.2.7
user josh
hostname 192.0.2.7
port 22
proxycommand none
identityfile ~/.ssh/id_rsa
identityfile ~/.ssh/id_ecdsa
`;
const ssh = { address: '192.0.2.7' };

test('nothing special is ours to do', () => {
  expect(sshConfigSays(ssh, usual)).toEqual({ needsSystem: false, user: 'josh' });
  expect(sshConfigSays(ssh, '')).toEqual({ needsSystem: false });
});

test.each([
  'proxycommand nc %h %p',
  'proxyjump gate',
  'certificatefile ~/.ssh/id-cert.pub',
  'hostname 198.51.100.1',
  'port 2222',
  'hostkeyalias k3s1',
])('%s needs the machine', (line) => {
  expect(sshConfigSays(ssh, `${line}\n${usual}`).needsSystem).toBe(true);
});

test('a port of our own needs nobody, and a key of theirs is taken', () => {
  const text = `port 2222\nidentityfile ~/.ssh/lab\n${usual}`;
  expect(sshConfigSays({ ...ssh, port: 22 }, text)).toEqual({
    needsSystem: false,
    user: 'josh',
    identityFile: '~/.ssh/lab',
  });
});

const noSsh = noProgram('ssh');

test.skipIf(noSsh !== '')(titled('asks ssh itself where there is a file', noSsh), async () => {
  const place = new TestPlace();
  const env = { PATH: process.env['PATH'], HOME: place.directory };
  const asked: string[][] = [];
  const means = {
    env,
    home: place.directory,
    run: ((argv, options) => {
      asked.push([...argv]);
      // OpenSSH takes its home from the password file: it is told of the test's.
      const [program = '', ...rest] = argv;
      return run([program, '-F', place.path('.ssh', 'config'), ...rest], options);
    }) as typeof run,
  };
  expect(await askSshConfig(ssh, means)).toEqual({ needsSystem: false });
  expect(asked).toEqual([]);
  place.write('.ssh/config', 'Host 192.0.2.7\n  ProxyCommand nc %h %p\n  User lab\n');
  expect(await askSshConfig(ssh, means)).toMatchObject({ needsSystem: true, user: 'lab' });
  expect((await askSshConfig({ address: '192.0.2.8' }, means)).needsSystem).toBe(false);
  place.remove();
});

test('a certificate beside the key needs the machine', async () => {
  const place = new TestPlace();
  place.write('lab-cert.pub', '');
  const identityFile = place.path('lab');
  const says = await askSshConfig({ ...ssh, identityFile }, { run, env: {} });
  expect(says).toEqual({ needsSystem: true });
  place.remove();
});
