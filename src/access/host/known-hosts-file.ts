import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file; see sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
export interface KnownHost {
  readonly line: number;
  readonly marker?: 'revoked' | 'cert-authority';
  readonly type: string;
  readonly key: Buffer;
  readonly matches: (name: string) => boolean;
}

/** As a known_hosts file calls it: with its port in brackets, unless that is 22. */
export function knownName(address: string, port: number): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** What `ssh-keygen -l` prints. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that stands at the start of every public key. */
export function typeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.toString('latin1', 4, 4 + Math.min(length, 64));
}

/** Lines that are none are left out, as OpenSSH does. */
export function parseKnownHosts(text: string): readonly KnownHost[] {
  return text.split('\n').flatMap((line, at) => parseLine(line.trim(), at + 1));
}

function parseLine(text: string, line: number): readonly KnownHost[] {
  if (text === '' || text.startsWith('#')) return [];
  const fields = text.split(/[ \t]+/);
  const marked = fields[0]?.startsWith('@') ? fields.shift() : undefined;
  const [names, type, base64] = fields;
  if (names === undefined || type === undefined || base64 === undefined) return [];
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) return [];
  const key = Buffer.from(base64, 'base64');
  if (typeOf(key) !== type) return [];
  const matches = matcherOf(names);
  if (marked === undefined) return [{ line, type, key, matches }];
  const marker = marked.slice(1);
  if (marker !== 'revoked' && marker !== 'cert-authority') return [];
  return [{ line, marker, type, key, matches }];
}

function matcherOf(names: string): (name: string) => boolean {
  if (names.startsWith('|')) return hashedMatcher(names);
  const patterns = names.split(',').map((pattern) => {
    const isNegated = pattern.startsWith('!');
    return { isNegated, pattern: wildcard(isNegated ? pattern.slice(1) : pattern) };
  });
  return (name) => {
    const found = patterns.filter(({ pattern }) => pattern.test(name));
    return found.length > 0 && !found.some(({ isNegated }) => isNegated);
  };
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i');
}

/** `|1|salt|hash`: HMAC-SHA1 of the name. */
function hashedMatcher(names: string): (name: string) => boolean {
  const [, version, salt, hash] = names.split('|');
  if (version !== '1' || !salt || !hash) return () => false;
  const secret = Buffer.from(salt, 'base64');
  return (name) => createHmac('sha1', secret).update(name).digest('base64') === hash;
}
