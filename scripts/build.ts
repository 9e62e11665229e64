/** Bundles the command line into dist/, with the licences of what is in it. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { licenseList } from './licenses.ts';

const root = join(import.meta.dirname, '..');
const entry = 'src/cli/bin.ts';
const out = join(root, 'dist');
const program = join(out, 'evenkeel.cjs');

const common = {
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  // Names stay as they are: a stack trace is for reading.
  minifyIdentifiers: false,
  // Node is given a CommonJS build, whose names a lazy import of the bundle would not see.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  legalComments: 'eof',
  logLevel: 'warning',
} as const satisfies BuildOptions;

interface Built {
  readonly files: readonly OutputFile[];
  readonly metafile: Metafile;
}

/**
 * The command line itself: CommonJS, since Node starts it a third faster than a module, and
 * `--help` needs nothing else. What it imports lazily stays outside.
 */
async function programBundle(lazy: Map<string, string>): Promise<Built> {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: { evenkeel: entry },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    alias: { 'node:child_process': join(root, 'scripts/no-child-processes.ts') },
    plugins: [outside(lazy)],
  });
  return { files: outputFiles, metafile };
}

/** Collects what is imported lazily, and leaves it to files of its own. */
function outside(lazy: Map<string, string>): Plugin {
  return {
    name: 'lazy-imports-stay-outside',
    setup(bundler) {
      bundler.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const name = `lib/${basename(path, '.ts')}`;
        lazy.set(name, join(resolveDir, path));
        return { path: `./${name}.js`, external: true };
      });
    },
  };
}

/** Everything that a command needs once it runs: modules that share what they have in common. */
async function lazyBundle(lazy: ReadonlyMap<string, string>): Promise<Built> {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: Object.fromEntries(lazy),
    format: 'esm',
    splitting: true,
    chunkNames: 'lib/[name]-[hash]',
    // ssh2 tries these and does without: they would be compiled where it is installed.
    external: ['cpu-features', '*.node'],
  });
  return { files: outputFiles, metafile };
}

/** `const { name } = await import('package')` finds no name in a bundled CommonJS package. */
function lazyCommonJs({ inputs }: Metafile): string[] {
  return Object.entries(inputs).flatMap(([path, { imports }]) =>
    imports
      .filter((each) => each.kind === 'dynamic-import' && inputs[each.path]?.format === 'cjs')
      .map(
        (each) => `${path} imports ${each.path} lazily, which is CommonJS: alias its ESM build.`,
      ),
  );
}

const shebang = '#!/usr/bin/env node\n';

/** A bundled CommonJS package asks for what ESM lacks; each is given where its name occurs. */
const forCommonJs = [
  {
    where: 'typeof require',
    code: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);\n",
  },
  { where: '__dirname', code: 'const __dirname=import.meta.dirname;\n' },
];

function finished({ path, text }: OutputFile): string {
  const code = text.replace(/^#!.*\n/, '');
  if (path === program) return `${shebang}${code}`;
  const missing = forCommonJs.filter(({ where }) => code.includes(where));
  return [...missing.map((each) => each.code), code].join('');
}

async function buildAll(): Promise<void> {
  const lazy = new Map<string, string>();
  const start = await programBundle(lazy);
  const rest = await lazyBundle(lazy);
  const faults = lazyCommonJs(rest.metafile);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  rmSync(out, { recursive: true, force: true });
  for (const file of [...start.files, ...rest.files]) {
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(file.path, finished(file));
  }
  chmodSync(program, 0o755);
  const inputs = { ...start.metafile.inputs, ...rest.metafile.inputs };
  const outputs = { ...start.metafile.outputs, ...rest.metafile.outputs };
  const licenses = licenseList(root, { inputs, outputs });
  writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), licenses);
  const kilobytes = Math.round(readFileSync(program).length / 1024);
  console.log(`dist/evenkeel.cjs: ${kilobytes} kB, and ${rest.files.length} files when needed`);
}

try {
  await buildAll();
} catch (error) {
  // esbuild has said already what it could not build, and where.
  if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1;
}
