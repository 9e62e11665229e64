/** `npm run new check <layer>/<name>`: the three files of a check, in good order from the start. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nearest } from '../src/lib/nearest.ts';
import { type Layer, layers } from '../src/model/severity.ts';

const root = join(import.meta.dirname, '..');
const usage =
  'Usage: npm run new check <layer>/<name>, for example: npm run new check node/flapping';
const extensions = ['ts', 'test.ts', 'md'] as const;

interface NewCheck {
  readonly layer: Layer;
  readonly name: string;
}

/** What is wrong with the request, as a sentence. */
class Refusal extends Error {}

function asked([kind, id, ...more]: readonly string[]): NewCheck {
  if (kind !== 'check' || id === undefined || more.length > 0) throw new Refusal(usage);
  const [layer = '', name = '', ...deeper] = id.split('/');
  if (!isLayer(layer)) {
    const near = nearest(layer, layers);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    throw new Refusal(`There is no layer "${layer}".${hint} Layers: ${layers.join(', ')}.`);
  }
  if (deeper.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    throw new Refusal(
      `"${[name, ...deeper].join('/')}" is not a name: use lower-case words with hyphens, 40 letters at most, as in ${layer}/not-ready.`,
    );
  }
  const taken = extensions.map((each) => pathOf({ layer, name }, each)).find(isThere);
  if (taken !== undefined)
    throw new Refusal(`${taken} exists already: edit it, or take another name.`);
  return { layer, name };
}

function isLayer(text: string): text is Layer {
  return (layers as readonly string[]).includes(text);
}

function isThere(path: string): boolean {
  return existsSync(join(root, path));
}

function pathOf({ layer, name }: NewCheck, extension: (typeof extensions)[number]): string {
  return `src/checks/${layer}/${name}.${extension}`;
}

/** One above the layer's highest, not its first gap: a gap may be a retired code. */
function nextCode(layer: Layer): string {
  const prefix = `EK${layers.indexOf(layer)}`;
  const used = globSync(`src/checks/${layer}/*.ts`, { cwd: root }).map((path) => {
    const code = /\bcode: '(EK\d+)'/.exec(readFileSync(join(root, path), 'utf8'))?.[1];
    return code?.startsWith(prefix) ? Number(code.slice(prefix.length)) : 0;
  });
  return `${prefix}${String(Math.max(0, ...used) + 1).padStart(3, '0')}`;
}

function scaffold(check: NewCheck): readonly string[] {
  const words = check.name.replaceAll('-', ' ');
  const values: { readonly [key: string]: string } = {
    ...check,
    id: `${check.layer}/${check.name}`,
    code: nextCode(check.layer),
    title: words.charAt(0).toUpperCase() + words.slice(1),
  };
  return extensions.map((extension) => {
    const template = readFileSync(
      join(import.meta.dirname, `templates/check.${extension}.txt`),
      'utf8',
    );
    const path = pathOf(check, extension);
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const text = template.replaceAll(
      /\{\{(\w+)\}\}/g,
      (whole, key: string) => values[key] ?? whole,
    );
    writeFileSync(join(root, path), text);
    return path;
  });
}

try {
  const check = asked(process.argv.slice(2));
  const [code, tests, page] = scaffold(check);
  spawnSync(process.execPath, ['scripts/generate.ts'], { cwd: root, stdio: 'inherit' });
  console.log(`Written: ${code}, ${tests}, ${page}, and the registry.

1. In ${tests}, describe what it looks like: silent, boundary, fails, unknown.
2. In ${code}, replace the example: facets, subjects, judge, explains.
3. In ${page}, write for the person who is woken by it.
4. npx vitest run ${tests}
5. npm run fix && npm run check`);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
