/** The Debian mirror that the machine's own package manager uses. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const directory = '/etc/apt';

/** The address of the first archive of a whole release, or undefined when none is configured. */
export function debianMirror(): string | undefined {
  for (const file of sourceFiles()) {
    const text = readFileSync(file, 'utf8');
    const found = file.endsWith('.sources') ? inStanzas(text) : inLines(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sourceFiles(): string[] {
  const main = path.join(directory, 'sources.list');
  const more = path.join(directory, 'sources.list.d');
  const others = existsSync(more) ? readdirSync(more).map((name) => path.join(more, name)) : [];
  return [main, ...others].filter((file) => /\.(list|sources)$/.test(file) && existsSync(file));
}

function inLines(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, uri, suite] = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line) ?? [];
    if (uri !== undefined && suite !== undefined && isRelease(suite)) return uri;
  }
  return undefined;
}

/** The form of sources.list.d/*.sources: stanzas of "Key: value", as in a package's own record. */
function inStanzas(text: string): string | undefined {
  for (const stanza of text.split(/\n\s*\n/)) {
    const field = (name: string): string[] =>
      new RegExp(`^${name}:(.*)$`, 'im').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    if (field('Types').includes('deb') && field('Suites').some(isRelease)) return field('URIs')[0];
  }
  return undefined;
}

/** Updates and security fixes have archives that hold no whole release. */
function isRelease(suite: string): boolean {
  return /^[a-z]+$/.test(suite);
}
