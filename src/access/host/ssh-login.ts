import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, {
  type AnyAuthMethod,
  type Client,
  type NextAuthHandler,
  type ServerHostKeyAlgorithm,
} from 'ssh2';
import { WayProblem } from './failure.ts';
import type { KnownHosts } from './known-hosts.ts';
import { type KeySources, type Keys, keysFor } from './ssh-keys.ts';

export interface Login {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly keys: KeySources;
  readonly knownHosts: KnownHosts;
}

const keepaliveMs = 10_000;

/** In our order of preference, as OpenSSH has them. SHA-1 is not among them. */
const keyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

function problem(kind: WayProblem['kind'], detail: string, cause?: unknown): WayProblem {
  return new WayProblem(kind, detail, { stage: 'reach', cause });
}

/** The address itself: what a login is counted by, however many names one machine has. */
export async function resolved(address: string): Promise<string> {
  if (isIP(address) !== 0) return address;
  try {
    return (await lookup(address)).address;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const [, words] = failures[code] ?? [];
    throw problem('unknown-host', `${address}: ${words ?? code}`, error);
  }
}

/** A connection, with nothing said yet. The signal ends the attempt. */
export function connected(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    const onAbort = (): void => {
      socket.destroy();
      reject(problem('timed-out', 'the connection is not answered'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const settled = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
    };
    socket.once('connect', () => {
      settled();
      resolve(socket);
    });
    socket.once('error', (error) => {
      settled();
      reject(problemOf(error));
    });
  });
}

/** Logs in over a connection. The signal ends the attempt. */
export async function loggedIn(login: Login, sock: Duplex, signal: AbortSignal): Promise<Client> {
  // Until the protocol takes it over, an error of the connection has nobody to go to.
  const ignore = (): void => undefined;
  sock.on('error', ignore);
  const { address, port, user, knownHosts } = login;
  const [keys, { types }] = await Promise.all([
    keysFor(user, login.keys),
    knownHosts.about(address, port),
  ]);
  const client = new ssh2.Client();
  let refused: WayProblem | undefined;
  const verify = (key: Buffer, answer: (isIt: boolean) => void): void => {
    knownHosts.check(address, port, key).then(
      () => answer(true),
      (error: unknown) => {
        refused = error instanceof WayProblem ? error : problem('denied', String(error), error);
        answer(false);
      },
    );
  };
  const ready = whenReady(client, signal, () => refused, keys);
  client.connect({
    sock: sock,
    username: user,
    hostVerifier: verify,
    authHandler: handlerOf(keys.methods),
    algorithms: { serverHostKey: [...preferred(types)] },
    // Deadlines are ours.
    readyTimeout: 0,
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 3,
  });
  try {
    await ready;
    await settledIn(client, signal);
    return client;
  } catch (error) {
    client.destroy();
    sock.destroy();
    throw error;
  }
}

/**
 * Waits for an answer to something harmless. sshd counts a login as open (MaxStartups) a little longer
 * than it takes to say that it succeeded, and answers nothing else before.
 */
async function settledIn(client: Client, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = (): void => reject(problem('cut', 'closed as soon as we were in'));
    const late = (): void => reject(problem('timed-out', 'the login is not answered'));
    client.once('close', end);
    signal.addEventListener('abort', late, { once: true });
    // There is no such forwarding to end, and that is the answer.
    client.unforwardIn('127.0.0.1', 1, () => {
      client.removeListener('close', end);
      signal.removeEventListener('abort', late);
      resolve();
    });
  });
}

/** What is pinned first: a host has several keys, and one that is not pinned cannot be compared. */
function preferred(types: readonly string[]): readonly ServerHostKeyAlgorithm[] {
  const isPinned = (name: string): boolean =>
    types.includes(name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name);
  return [
    ...keyAlgorithms.filter(isPinned),
    ...keyAlgorithms.filter((algorithm) => !isPinned(algorithm)),
  ];
}

/** One method after another, and then no more. */
function handlerOf(methods: readonly AnyAuthMethod[]) {
  const left = [...methods];
  return (_left: unknown, _partial: unknown, next: NextAuthHandler): void => {
    const method = left.shift();
    // The library takes `false` for the end, and its types do not know it.
    next(method ?? (false as unknown as AnyAuthMethod));
  };
}

function whenReady(
  client: Client,
  signal: AbortSignal,
  refused: () => WayProblem | undefined,
  keys: Keys,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(problem('timed-out', 'the login is not answered'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    client.once('ready', () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    // Later errors end in `close`, which whoever waits for an answer listens to.
    client.on('error', (error) => reject(refused() ?? loginProblem(error, keys)));
    client.once('close', () => reject(refused() ?? problem('cut', 'closed before we were in')));
  });
}

function loginProblem(error: Error & { level?: string }, keys: Keys): WayProblem {
  if (error.level !== 'client-authentication') {
    return error.level === 'client-socket'
      ? problemOf(error)
      : problem('cut', error.message, error);
  }
  const none = keys.methods.length === 0 ? ['there is no key to offer'] : ['no key is accepted'];
  const detail = [...none, ...keys.unusable.map((each) => each.problem)].join('; ');
  const next = keys.unusable.find((each) => each.next)?.next;
  return new WayProblem('denied', detail, { stage: 'reach', next, cause: error });
}

/** What the system calls it: Node's own words name the call and repeat the address. */
const failures: { readonly [code: string]: readonly [WayProblem['kind'], string] } = {
  ECONNREFUSED: ['refused', 'connection refused'],
  ECONNRESET: ['cut', 'connection reset by peer'],
  EPIPE: ['cut', 'broken pipe'],
  ETIMEDOUT: ['timed-out', 'connection timed out'],
  EHOSTUNREACH: ['unreachable', 'no route to host'],
  EHOSTDOWN: ['unreachable', 'host is down'],
  ENETUNREACH: ['unreachable', 'network is unreachable'],
  EADDRNOTAVAIL: ['unreachable', 'cannot assign requested address'],
  ENOTFOUND: ['unknown-host', 'name or service not known'],
  EAI_AGAIN: ['unknown-host', 'temporary failure in name resolution'],
};

function problemOf(error: Error): WayProblem {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [kind, words] = failures[code] ?? ['unreachable', message];
  return problem(kind, words, error);
}
