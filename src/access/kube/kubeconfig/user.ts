import type { Clock } from '../../../lib/clock.ts';
import { plainText } from '../../plain-text.ts';
import { Redacted } from '../../redacted.ts';
import type { ClientCertificate, ClientIdentity, Connection } from '../connection.ts';
import { readClientPair } from './certificates.ts';
import type { Entry } from './entry.ts';
import { type ExecContext, ExecPlugin } from './exec-plugin.ts';
import { KubeconfigProblem } from './problem.ts';
import { TokenFile } from './token-file.ts';

/** The user's half of a connection. */
export type Credentials = Pick<Connection, 'authorization' | 'identity' | 'renew'> & {
  clientCertificate?: ClientCertificate;
};

/** Nobody in particular: the server decides what `system:anonymous` may see. */
export const anonymous: Credentials = {
  authorization: async () => undefined,
  identity: async () => undefined,
  renew: () => false,
};

/**
 * Throws a `KubeconfigProblem`.
 * An expired certificate is none: the server will say so, and a check does.
 */
export async function readUser(entry: Entry, context: ExecContext): Promise<Credentials> {
  refuseUnsupported(entry);
  const pair = await clientPair(entry);
  const bearer = await bearerOf(entry, context.clock);
  const basic = basicOf(entry);
  if (bearer !== undefined && basic !== undefined) {
    throw entry.problem('username', 'there is a token and a password; one of the two is meant');
  }
  const exec = entry.inner('exec');
  const plugin = exec === undefined ? undefined : new ExecPlugin(exec, context);
  const fixed = bearer ?? basic;
  return {
    ...(pair !== undefined && { clientCertificate: pair.described }),
    authorization: async () => {
      if (fixed !== undefined) return fixed.header();
      const token = (await plugin?.credential())?.token;
      return token === undefined ? undefined : `Bearer ${sendable(token, exec ?? entry, 'exec')}`;
    },
    identity: async () => pair?.identity ?? (await plugin?.credential())?.identity,
    renew: () => {
      plugin?.forget();
      return fixed?.renew() ?? plugin !== undefined;
    },
  };
}

interface Authorization {
  header(): Promise<string>;
  renew(): boolean;
}

async function bearerOf(entry: Entry, clock: Clock): Promise<Authorization | undefined> {
  const text = entry.text('token');
  const inline = text === undefined ? undefined : new Redacted(text);
  if (inline !== undefined) sendable(inline, entry, 'token');
  const path = entry.path('tokenFile');
  if (path === undefined) return inline && fixedHeader(`Bearer ${inline.reveal()}`);
  const file = new TokenFile(path, clock);
  // As client-go: the file wins, the token beside it stands in until the file can be read.
  const header = async (): Promise<string> => {
    const token = (await file.read()) ?? inline;
    if (token !== undefined) return `Bearer ${sendable(token, entry, 'tokenFile')}`;
    const next = `See it with 'ls -l' on that path; the program that writes it may not run.`;
    throw entry.problem('tokenFile', `${path} is missing, unreadable or empty`, next);
  };
  await header();
  const renew = (): boolean => {
    file.forget();
    return true;
  };
  return { header, renew };
}

function basicOf(entry: Entry): Authorization | undefined {
  const username = entry.text('username');
  if (username === undefined) return undefined;
  const pair = Buffer.from(`${username}:${entry.text('password') ?? ''}`);
  return fixedHeader(`Basic ${pair.toString('base64')}`);
}

function fixedHeader(header: string): Authorization {
  return { header: async () => header, renew: () => false };
}

/** A line break in a token would be refused by Node with the token in its message. */
function sendable(token: Redacted, entry: Entry, key: string): string {
  const text = token.reveal();
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  const what = 'the token holds a space, a line break or another character that cannot be sent';
  throw entry.problem(key, what, 'Copy it again, on one line.');
}

async function clientPair(
  entry: Entry,
): Promise<{ described: ClientCertificate; identity: ClientIdentity } | undefined> {
  const certificate = await entry.blob('client-certificate');
  const key = await entry.blob('client-key');
  if (certificate === undefined && key === undefined) return undefined;
  const missing = certificate === undefined ? 'client-certificate' : 'client-key';
  if (certificate === undefined || key === undefined) {
    throw entry.problem(missing, 'is missing, and its other half is there', fresh);
  }
  const described = readClientPair(certificate, key);
  if ('fault' in described) {
    throw entry.problem(entry.blobKey(described.field), described.fault, fresh);
  }
  return { described, identity: { certificate, key: new Redacted(key) } };
}

const fresh = "A k3s server gives a fresh pair with 'sudo cat /etc/rancher/k3s/k3s.yaml'.";

const replacements: Record<string, string> = {
  gcp: "Write the entry again with 'gcloud container clusters get-credentials CLUSTER'.",
  azure: "Turn it into an exec plugin with 'kubelogin convert-kubeconfig'.",
  oidc: "Turn it into an exec plugin with 'kubectl oidc-login setup' (https://github.com/int128/kubelogin).",
};

function refuseUnsupported(entry: Entry): void {
  const provider = entry.inner('auth-provider');
  if (provider !== undefined) {
    const name = plainText(provider.text('name') ?? 'without a name', 80);
    const what = `auth-provider '${name}' was removed from Kubernetes clients in 1.26`;
    const next =
      replacements[name] ?? "Use an exec plugin, or a token from 'kubectl create token NAME'.";
    throw entry.problem('auth-provider', what, next);
  }
  for (const key of ['as', 'as-uid', 'as-groups', 'as-user-extra']) {
    if (!entry.has(key)) continue;
    const what = 'evenkeel does not impersonate, and would see what another user sees';
    throw entry.problem(key, what, 'Name a context whose user is the one that you mean.');
  }
}

/** A service account's token; `place` is its file. */
export function serviceAccount(path: string, clock: Clock): Credentials {
  const file = new TokenFile(path, clock);
  return {
    authorization: async () => {
      const token = await file.read();
      if (token !== undefined) return `Bearer ${token.reveal()}`;
      const next = 'See that the pod has automountServiceAccountToken not set to false.';
      throw new KubeconfigProblem({ file: path }, 'the token is missing or empty', next);
    },
    identity: async () => undefined,
    renew: () => {
      file.forget();
      return true;
    },
  };
}
