import { open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { yamlErrorText } from '../../../lib/yaml-errors.ts';
import { KubeconfigProblem, type Place, shellWord } from './problem.ts';

/** A kubeconfig of a thousand clusters is far below this. */
const maxFileBytes = 4 * 1024 * 1024;

/** One kubeconfig file, as plain data that remembers where each value stands. */
export interface KubeconfigFile {
  file: string;
  root: Record<string, unknown>;
  readonly place: (path: readonly (string | number)[]) => Place;
}

/**
 * Reads a file that a kubeconfig is made of, or that one names.
 * Throws a `KubeconfigProblem`, at `place` when another file names it.
 */
export async function readText(file: string, place?: Place): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > maxFileBytes) throw Object.assign(new Error(), { code: 'EFBIG' });
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, (error as NodeJS.ErrnoException).code ?? 'unknown', place);
  }
}

/** True when nothing is at that path; anything else is for `readText` to say. */
export async function isMissing(file: string): Promise<boolean> {
  try {
    await stat(file);
    return false;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

const reasons: Record<string, { what: string; next: (file: string) => string }> = {
  ENOENT: {
    what: 'there is no such file',
    next: (file) =>
      file.includes('~')
        ? "The shell expands '~' only outside quotes; write $HOME instead."
        : `Check the path with 'ls -l ${shellWord(dirname(file))}'.`,
  },
  EISDIR: {
    what: 'this is a directory, not a file',
    next: (file) => `Name a file in it; 'ls ${shellWord(file)}' lists them.`,
  },
  EACCES: {
    what: 'this user may not read it',
    next: (file) =>
      `Run it as a user who may, or give yourself a copy: 'sudo cat ${shellWord(file)} > my-config && chmod 600 my-config'.`,
  },
  EFBIG: {
    what: `it is larger than ${maxFileBytes} bytes`,
    next: (file) => `See what it is with 'file ${shellWord(file)}'.`,
  },
};

/** Why a file cannot be read, from the system's error code. */
export function unreadable(file: string, code: string, place?: Place): KubeconfigProblem {
  const reason = reasons[code === 'ENOTDIR' || code === 'ENAMETOOLONG' ? 'ENOENT' : code];
  const what = reason?.what ?? `it cannot be read (${code})`;
  const next = reason?.next(file) ?? `See what it is with 'ls -ld ${shellWord(file)}'.`;
  if (place === undefined) return new KubeconfigProblem({ file }, what, next);
  return new KubeconfigProblem(place, `${file}: ${what}`, next);
}

/** Throws a `KubeconfigProblem` with line and column where the text is not YAML or not a mapping. */
export async function parseKubeconfig(text: string, file: string): Promise<KubeconfigFile> {
  const { LineCounter, parseDocument, isNode } = await import('yaml');
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? { file } : { file, line, column: col };
  };
  // Pretty errors quote the source, and the source holds keys.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error' } as const;
  const document = parseDocument(text, options);
  const [error] = document.errors;
  if (error !== undefined) throw notYaml(at(error.pos[0]), error.code);
  let root: unknown;
  try {
    root = document.toJS({ maxAliasCount: 100 });
  } catch {
    throw notYaml({ file }, 'BAD_ALIAS');
  }
  if (root === null || root === undefined) root = {};
  if (typeof root !== 'object' || Array.isArray(root)) {
    throw new KubeconfigProblem({ file, line: 1, column: 1 }, 'this is not a kubeconfig', rewrite);
  }
  const place = (path: readonly (string | number)[]): Place => {
    for (let length = path.length; length > 0; length -= 1) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return { file };
  };
  return { file, root: root as Record<string, unknown>, place };
}

const rewrite =
  "A k3s server gives a fresh one with 'sudo cat /etc/rancher/k3s/k3s.yaml'; see 'kubectl config view' for the shape.";

function notYaml(place: Place, code: string): KubeconfigProblem {
  return new KubeconfigProblem(
    place,
    `not valid YAML: ${yamlErrorText(code)}`,
    `Open it with '\${EDITOR:-vi} ${shellWord(place.file)}' and mend that line.`,
  );
}

/** A path as written in a file, relative to that file. */
export function relativeTo(file: string, path: string): string {
  return resolve(dirname(file), path);
}
