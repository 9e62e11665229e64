/** The people and programs that the API server knows: a static token file and their kubeconfigs. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { controllerManagerUser, schedulerUser } from './components.ts';

/** User of the admin token, and user of the kwok processes. */
export const adminUser = 'admin';
export const kwokUser = 'kwok';

export interface UserOptions {
  /** Groups of the user beside system:authenticated. */
  readonly groups?: readonly string[];
}

const builtIn: Readonly<Record<string, UserOptions>> = {
  [adminUser]: { groups: ['system:masters'] },
  [kwokUser]: { groups: ['system:masters'] },
  [controllerManagerUser]: {},
  [schedulerUser]: {},
};

/** The token of each user, by name. */
export type Tokens = ReadonlyMap<string, string>;

/** Writes `tokens.csv` with the built-in users and the given ones. */
export function writeTokens(
  directory: string,
  users: Readonly<Record<string, UserOptions>>,
): Tokens {
  const tokens = new Map<string, string>();
  const lines: string[] = [];
  for (const [name, { groups = [] }] of Object.entries({ ...users, ...builtIn })) {
    const token = randomBytes(24).toString('hex');
    tokens.set(name, token);
    lines.push([token, name, name, groups.join(',')].map((field) => `"${field}"`).join(','));
  }
  writeFileSync(path.join(directory, 'tokens.csv'), `${lines.join('\n')}\n`, { mode: 0o600 });
  return tokens;
}

/** Either a bearer token or the paths of a client certificate and its key. */
export type Credential =
  | { readonly token: string }
  | { readonly certificate: string; readonly key: string };

/** Writes a kubeconfig and returns its path. JSON is YAML, so every reader takes it. */
export function writeKubeconfig(
  directory: string,
  name: string,
  url: string,
  credential: Credential,
): string {
  const authority = readFileSync(path.join(directory, 'server-ca.crt')).toString('base64');
  const user =
    'token' in credential
      ? { token: credential.token }
      : {
          'client-certificate-data': readFileSync(credential.certificate).toString('base64'),
          'client-key-data': readFileSync(credential.key).toString('base64'),
        };
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bed', cluster: { server: url, 'certificate-authority-data': authority } }],
    users: [{ name, user }],
    contexts: [{ name: 'bed', context: { cluster: 'bed', user: name } }],
    'current-context': 'bed',
  };
  const file = path.join(directory, `${encodeURIComponent(name)}.kubeconfig`);
  writeFileSync(file, `${JSON.stringify(kubeconfig, null, 2)}\n`, { mode: 0o600 });
  return file;
}
