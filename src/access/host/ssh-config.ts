import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Millis } from '../../lib/clock.ts';
import type { Run } from './run.ts';
import type { SshSettings } from './settings.ts';

/** What `~/.ssh/config` has to say of an address, as far as it matters here. */
export interface SshConfigSays {
  /** It asks for what only the machine's own `ssh` does. */
  readonly needsSystem: boolean;
  readonly user?: string;
  readonly identityFile?: string;
}

const nothing: SshConfigSays = { needsSystem: false };
const askMs: Millis = 5000;

/** Needs `ssh -G`, and is asked only where there is such a file: it costs a process. */
export async function askSshConfig(
  ssh: SshSettings,
  means: { readonly run: Run; readonly env: NodeJS.ProcessEnv; readonly home?: string | undefined },
): Promise<SshConfigSays> {
  const { run, env, home } = means;
  if (hasCertificate(ssh.identityFile)) return { needsSystem: true };
  if (home === undefined || !existsSync(join(home, '.ssh', 'config'))) return nothing;
  const argv = [
    'ssh',
    '-G',
    ...(ssh.user === undefined ? [] : ['-l', ssh.user]),
    '--',
    ssh.address,
  ];
  const result = await run(argv, { env, timeoutMs: askMs, maxOutputBytes: 256 * 1024 });
  if (result.kind !== 'exited' || result.code !== 0) return nothing;
  return sshConfigSays(ssh, result.stdout);
}

function hasCertificate(identityFile: string | undefined): boolean {
  return identityFile !== undefined && existsSync(`${identityFile}-cert.pub`);
}

/** Reads what `ssh -G` prints: a keyword in small letters and its value on each line. */
export function sshConfigSays(ssh: SshSettings, text: string): SshConfigSays {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ');
    const key = line.slice(0, at);
    // The first one wins, as in OpenSSH; `identityfile` is the only one here that repeats.
    if (at > 0 && !values.has(key)) values.set(key, line.slice(at + 1));
  }
  const said = (key: string): string | undefined => {
    const value = values.get(key);
    return value === 'none' || value === '' ? undefined : value;
  };
  const otherPort = ssh.port === undefined && (said('port') ?? '22') !== '22';
  const otherName = (said('hostname') ?? ssh.address).toLowerCase() !== ssh.address.toLowerCase();
  const special = [
    'proxycommand',
    'proxyjump',
    'certificatefile',
    'pkcs11provider',
    'hostkeyalias',
  ];
  const user = said('user');
  const identityFile = said('identityfile');
  // OpenSSH's defaults are tried anyway, and are no wish of anybody.
  const isWish = identityFile !== undefined && !/^~\/\.ssh\/id_(rsa|ecdsa)/.test(identityFile);
  return {
    needsSystem: otherPort || otherName || special.some((key) => said(key) !== undefined),
    ...(user === undefined ? {} : { user }),
    ...(isWish ? { identityFile } : {}),
  };
}
