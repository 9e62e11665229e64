import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { byText } from '../src/lib/order.ts';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

/** Name, version, licence and its text of every package whose code is in the bundle. */
export function licenseList(root: string, metafile: Metafile): string {
  const kept = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
  const packages = new Set(kept.flatMap((path) => packageOf(root, path) ?? []));
  const sections = [...packages].sort(byText).map((directory) => section(join(root, directory)));
  return ['evenkeel contains code of these packages.', ...sections].join(
    `\n\n${'-'.repeat(80)}\n\n`,
  );
}

/** The nearest directory above a bundled file with a named package.json, inside node_modules. */
function packageOf(root: string, path: string): string | undefined {
  if (!path.includes('node_modules/')) return undefined;
  for (let at = dirname(path); !at.endsWith('node_modules'); at = dirname(at)) {
    if (existsSync(join(root, at, 'package.json')) && manifestOf(join(root, at)).name) return at;
  }
  throw new Error(`${path}: no package.json above it, so its licence is not known`);
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

function section(directory: string): string {
  const { name, version, license } = manifestOf(directory);
  const texts = readdirSync(directory)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort(byText)
    .map((file) => readFileSync(join(directory, file), 'utf8').trim());
  if (license === undefined && texts.length === 0) {
    throw new Error(`${name}: neither a licence nor its text; it may not be bundled`);
  }
  return [`${name} ${version} (${license ?? 'see the text'})`, ...texts].join('\n\n');
}
