import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2, { type AnyAuthMethod } from 'ssh2';
import { withHome } from './home-path.ts';
import { quote } from './quote.ts';

export interface KeySources {
  readonly identityFile?: string | undefined;
  readonly home?: string | undefined;
  /** Of the SSH agent. */
  readonly agentSocket?: string | undefined;
}

export interface Keys {
  /** In the order in which they are offered. */
  readonly methods: readonly AnyAuthMethod[];
  /** Of keys that are there and cannot be used: why, and what would help. */
  readonly unusable: readonly { readonly problem: string; readonly next?: string }[];
}

/** As OpenSSH tries them; sshd takes six attempts by default. */
const defaultNames = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * The keys to log in with: the named file and then the agent's, or the agent's and then the usual files.
 * There is no password login, and a passphrase is the agent's business.
 */
export async function keysFor(user: string, sources: KeySources): Promise<Keys> {
  const { identityFile, home, agentSocket } = sources;
  const agent: AnyAuthMethod[] =
    agentSocket === undefined ? [] : [{ type: 'agent', username: user, agent: agentSocket }];
  if (identityFile !== undefined) {
    const named = await keyIn(withHome(identityFile, home), user);
    if (named.kind === 'key') return { methods: [named.method, ...agent], unusable: [] };
    return { methods: agent, unusable: [sayingWhy(named, agent.length > 0)] };
  }
  const files = home === undefined ? [] : defaultNames.map((name) => join(home, '.ssh', name));
  const found = await Promise.all(files.map((file) => keyIn(file, user)));
  return {
    methods: [...agent, ...found.flatMap((each) => (each.kind === 'key' ? [each.method] : []))],
    unusable: found.flatMap((each) =>
      each.kind === 'key' || each.kind === 'missing' ? [] : [sayingWhy(each, agent.length > 0)],
    ),
  };
}

type Unusable =
  | { readonly kind: 'missing'; readonly file: string }
  | { readonly kind: 'unreadable'; readonly file: string; readonly code: string }
  | { readonly kind: 'encrypted'; readonly file: string }
  | { readonly kind: 'no-key'; readonly file: string };
type Found = Unusable | { readonly kind: 'key'; readonly method: AnyAuthMethod };

async function keyIn(file: string, username: string): Promise<Found> {
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'missing', file } : { kind: 'unreadable', file, code };
  }
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) {
    return { kind: /encrypted/i.test(parsed.message) ? 'encrypted' : 'no-key', file };
  }
  return { kind: 'key', method: { type: 'publickey', username, key: text } };
}

function sayingWhy(found: Unusable, hasAgent: boolean): Keys['unusable'][number] {
  const { file } = found;
  switch (found.kind) {
    case 'missing':
      return { problem: `there is no ${file}` };
    case 'unreadable':
      return { problem: `${file} cannot be read: ${found.code}` };
    case 'encrypted': {
      const start = hasAgent ? '' : 'eval "$(ssh-agent)" && ';
      const problem = `${file} has a passphrase and ${hasAgent ? 'the agent may not hold it' : 'there is no SSH agent'}`;
      return { problem, next: `Hand the key to the agent: '${start}ssh-add ${quote(file)}'.` };
    }
    case 'no-key':
      return { problem: `${file} is no private key that can be used` };
  }
}
