/** Bundles the command line into dist/, with the licences of what is in it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Metafile, type OutputFile } from 'esbuild';
import { licenseList } from './licenses.ts';

const root = join(import.meta.dirname, '..');
const entry = 'src/cli/bin.ts';
const out = join(root, 'dist');
const bundle = join(out, 'evenkeel.js');

async function bundled(): Promise<{ files: readonly OutputFile[]; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { evenkeel: entry },
    outdir: out,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // What is imported lazily stays in a file of its own, and is not read by `--help`.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    minifyWhitespace: true,
    minifySyntax: true,
    // Names stay as they are: a stack trace is for reading.
    minifyIdentifiers: false,
    // Node is given a CommonJS build, whose names a lazy import of the bundle would not see.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    legalComments: 'eof',
    logLevel: 'warning',
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

/** A bundled CommonJS package asks for Node's own modules with `require`, which ESM lacks. */
const requireForCommonJs =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);\n";

function finished({ path, text }: OutputFile): string {
  const code = text.replace(/^#!.*\n/, '');
  const asksForRequire = code.includes('typeof require');
  return [path === bundle ? shebang : '', asksForRequire ? requireForCommonJs : '', code].join('');
}

async function buildAll(): Promise<void> {
  const { files, metafile } = await bundled();
  const faults = lazyCommonJs(metafile);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  rmSync(out, { recursive: true, force: true });
  for (const file of files) {
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(file.path, finished(file));
  }
  chmodSync(bundle, 0o755);
  writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), licenseList(root, metafile));
  const kilobytes = Math.round(readFileSync(bundle).length / 1024);
  console.log(
    `dist/evenkeel.js: ${kilobytes} kB, and ${files.length - 1} files loaded when needed`,
  );
}

if (existsSync(join(root, entry))) {
  try {
    await buildAll();
  } catch (error) {
    // esbuild has said already what it could not build, and where.
    if (!(error instanceof Error && 'errors' in error)) throw error;
    process.exitCode = 1;
  }
} else {
  console.log(`Nothing to bundle: there is no ${entry} yet.`);
}
