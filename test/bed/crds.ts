/** The custom resource definitions of products that users run beside k3s, for the bed's API server. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ControlPlane } from './control-plane.ts';

/** Where the definitions are, or why there are none: a sentence that starts with "skipped: ". */
export type Crds =
  | { readonly found: true; readonly directory: string; readonly products: readonly string[] }
  | { readonly found: false; readonly reason: string };

const repository = path.resolve(import.meta.dirname, '../..');

/** Looks for `shared/crds` beside the repository; one directory in it per product. */
export function findCrds(): Crds {
  const shared = path.resolve(repository, '../shared');
  if (!existsSync(shared)) return { found: false, reason: 'skipped: no ../shared' };
  const directory = path.join(shared, 'crds');
  if (!existsSync(directory)) return { found: false, reason: 'skipped: no ../shared/crds' };
  const entries = readdirSync(directory, { withFileTypes: true });
  const products = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return { found: true, directory, products: products.toSorted() };
}

/**
 * Applies the definitions of some products, or of all, and waits until the API server serves them.
 * Returns what `findCrds` found; throws with kubectl's words when the API server refuses.
 */
export async function applyCrds(
  controlPlane: ControlPlane,
  products?: readonly string[],
): Promise<Crds> {
  const crds = findCrds();
  if (!crds.found) return crds;
  const texts = (products ?? crds.products).flatMap((product) => {
    const directory = path.join(crds.directory, product);
    const names = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
    return names.toSorted().map((name) => readFileSync(path.join(directory, name), 'utf8'));
  });
  const stdin = texts.join('\n---\n');
  await controlPlane.apply(stdin);
  const wait = ['wait', '--for=condition=Established', '--timeout=60s', '-f', '-'];
  const { code, stderr } = await controlPlane.kubectl(wait, { stdin });
  if (code !== 0) throw new Error(`kubectl wait for the definitions: ${stderr.trim()}`);
  return crds;
}
