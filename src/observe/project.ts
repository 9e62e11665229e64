import type { Rejected } from '../model/facet.ts';
import { type FacetValues, type ListFacetName, listFacets } from '../model/facets.ts';

export interface Projected<K extends ListFacetName> {
  readonly items: FacetValues[K][number][];
  readonly rejected: Rejected[];
}

/** Reduces the items of one page to the fields that checks read. Tolerant per item. */
export function project<K extends ListFacetName>(
  facet: K,
  raw: Iterable<unknown>,
  into: Projected<K>,
): void {
  const schema = listFacets[facet];
  const prepare = preparations[facet];
  for (const whole of raw) {
    const item = withoutBareKind(whole);
    const parsed = schema.safeParse(prepare ? prepare(item) : item);
    if (parsed.success) {
      into.items.push(parsed.data);
      continue;
    }
    const issue = parsed.error.issues[0];
    into.rejected.push({
      name: nameOf(item),
      problem: `${issue?.path.join('.') || 'object'}: ${issue?.message ?? 'not valid'}`,
    });
  }
}

/** In lists of custom resources each item has its kind, which is ours but for the group. */
function withoutBareKind(item: unknown): unknown {
  if (!isObject(item) || item['apiVersion'] === undefined) return item;
  const { kind: _, ...rest } = item;
  return rest;
}

/** What must be reduced before the schema sees it, because the schema would drop its source. */
const preparations: { readonly [K in ListFacetName]?: (item: unknown) => unknown } = {
  nodes: (item) =>
    isObject(item) && item['taintsWrittenBy'] === undefined
      ? { ...item, taintsWrittenBy: lastWriter(item, 'f:taints') }
      : item,
  secrets: secretShape,
};

/** The manager whose managedFields entry under `f:spec` names the field, newest first. */
function lastWriter(node: { [key: string]: unknown }, field: string): unknown {
  const entries = isObject(node['metadata']) ? node['metadata']['managedFields'] : undefined;
  if (!Array.isArray(entries)) return undefined;
  let newest: { manager: string; at: string } | undefined;
  for (const entry of entries as unknown[]) {
    if (!isObject(entry) || !isObject(entry['fieldsV1'])) continue;
    const spec = entry['fieldsV1']['f:spec'];
    if (!isObject(spec) || !(field in spec)) continue;
    const { time, manager } = entry;
    if (typeof time !== 'string' || typeof manager !== 'string') continue;
    if (!newest || time > newest.at) newest = { manager, at: time };
  }
  return newest;
}

/** A row of the API server's own Table: name, type, number of keys; the values stay there. */
function secretShape(row: unknown): unknown {
  if (!isObject(row) || !isObject(row['object']) || !Array.isArray(row['cells'])) return row;
  const [, type, keyCount] = row['cells'] as unknown[];
  return { metadata: row['object']['metadata'], type, keyCount };
}

function nameOf(item: unknown): string {
  const metadata = isObject(item) ? item['metadata'] : undefined;
  if (!isObject(metadata)) return 'an object without metadata';
  const { namespace, name } = metadata;
  return [namespace, name].filter((part) => typeof part === 'string').join('/') || 'unnamed';
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
