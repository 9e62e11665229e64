import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Facet } from '../../src/model/facet.ts';
import { BundleProblem, packBundle, unpackBundle } from '../../src/observe/sources/bundle.ts';
import { expectClear, expectProblem, looksLikeSlip } from '../support/clear.ts';
import { evenkeel, type Ran } from '../support/cli.ts';
import { event, lease, node, pod } from '../support/objects.ts';
import { ago, snapshotOf } from '../support/snapshot.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-bundles-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const about = { kind: 'Pod', namespace: 'default', name: 'web' };
const snapshot = snapshotOf({
  objects: [
    node('a'),
    node('b', { ready: 'Unknown', since: ago(7200) }),
    lease('a'),
    lease('b', { renewed: ago(7230) }),
    pod('web', { node: 'b', ready: false, since: ago(7100) }),
    event('e', { about, reason: 'FailedMount', message: 'no such secret' }),
  ],
  summaries: { a: { node: { fs: { availableBytes: 10, capacityBytes: 100 } } } },
});
const whole = packBundle(snapshot);
const lines = gunzipSync(whole).toString('utf8').trimEnd().split('\n');

function file(name: string, content: Buffer | string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function audited(bundle: Buffer | string): Promise<Ran> {
  return await evenkeel(['audit', '--output', 'json', '--bundle', file('bundle', bundle)]);
}

function packed(texts: readonly string[]): Buffer {
  return gzipSync(`${texts.join('\n')}\n`);
}

test('a whole bundle is read', async () => {
  const ran = await audited(whole);
  expectClear(ran);
  expect(ran.exitCode).toBe(1);
  expect(unpackBundle(whole)).toEqual(snapshot);
});

describe('a bundle that was cut', () => {
  const { length } = whole;
  const ends = [1, 2, 3, 9, 10, 11, 18, 100, length >> 1, length - 9, length - 8, length - 1];

  test.each(ends)('after %i bytes', async (end) => {
    expectProblem(await audited(whole.subarray(0, end)), 2, /damaged|cut short|not a gzip file/);
  });

  test.each(lines.map((_, at) => at))('before line %i, and packed again', async (at) => {
    expectProblem(await audited(packed(lines.slice(0, at))), 2, /cut short|not a bundle/);
  });

  test('anywhere', () => {
    const length = fc.integer({ min: 0, max: whole.length - 1 });
    fc.assert(
      fc.property(length, (end) => {
        expect(() => unpackBundle(whole.subarray(0, end))).toThrow(BundleProblem);
      }),
    );
  });

  test('or of which one byte changed', () => {
    const at = fc.integer({ min: 0, max: whole.length - 1 });
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), (place, change) => {
        const other = Buffer.from(whole);
        other[place] = (other[place] ?? 0) ^ change;
        const outcome = unpacked(other);
        // The gzip header has a time and a name, which mean nothing here.
        if (!(outcome instanceof BundleProblem)) expect(outcome).toEqual(snapshot);
      }),
    );
  });
});

describe('what is no bundle', () => {
  test('a directory', async () => {
    const path = join(directory, 'a directory');
    mkdirSync(path);
    const ran = await evenkeel(['audit', '--bundle', path]);
    expectProblem(ran, 2, /it is a directory\n {2}next: see what it is with: ls -ld '/);
  });

  test.each([
    ['an empty file', '', /it is empty/],
    ['text', 'hello\n', /not a gzip file/],
    ['garbage in gzip', gzipSync('\u0000\u001b[31mhello'), /not a bundle header/],
    ['an empty gzip', gzipSync(''), /not a bundle header/],
    ['JSON of something else', gzipSync('{"kind":"PodList"}\n'), /not a bundle header/],
    ['a header alone', packed(lines.slice(0, 1)), /cut short/],
    ['no end', packed([...lines.slice(0, -1), '{"end":false}']), /cut short/],
  ])('%s', async (_, content, what) => {
    expectProblem(await audited(content), 2, what);
    expectProblem(await evenkeel(['bundle', 'inspect', file('bundle', content)]), 2, what);
  });

  test('no file at all', async () => {
    const ran = await evenkeel(['audit', '--bundle', join(directory, 'no-such-file')]);
    expectProblem(ran, 2, /there is no such file/);
  });

  test('a device that never ends', async () => {
    expectProblem(await evenkeel(['audit', '--bundle', '/dev/zero']), 2, /larger than 128 MiB/);
  });

  test('one of a later version, whatever its other lines mean', async () => {
    const later = packed(['{"format":"evenkeel-bundle","version":2,"of":"something else"}', 'xyz']);
    expectProblem(await audited(later), 2, /has version 2, this evenkeel reads version 1/);
  });
});

describe('a bundle that would fill the memory', () => {
  const header = lines[0] ?? '';
  // Members of a gzip file follow each other; one is packed, and stands for many.
  const zeros = gzipSync(Buffer.alloc(16 * 1024 * 1024));

  test.each([
    ['600 MiB of zeros', Buffer.concat(Array.from({ length: 38 }, () => zeros)), /more than 128 M/],
    ['nested arrays', gzipSync(`${header}\n${'['.repeat(20_000_000)}`), /more objects than/],
    ['many objects', gzipSync(`${header}\n[${'{},'.repeat(6_000_000)}{}]`), /more objects than/],
    ['many lines', gzipSync(`${header}\n${'{}\n'.repeat(2000)}`), /more lines than/],
  ])('%s', async (_, bomb, what) => {
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expectProblem(await audited(bomb), 2, what);
  });
});

describe('wrong types', () => {
  test('in any field: a clear end, and nothing is lost in silence', async () => {
    const place = fc.tuple(fc.nat(lines.length - 1), fc.array(fc.nat(), { maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(place, fc.jsonValue(), async ([line, steps], value) => {
        fc.pre(!looksLikeSlip(JSON.stringify(value)));
        const changed = lines.map((text, at) =>
          at === line ? JSON.stringify(replaced(JSON.parse(text), steps, value)) : text,
        );
        const bundle = packed(changed);
        const ran = await audited(bundle);
        expectClear(ran);
        if (ran.exitCode === 2) return expectProblem(ran, 2, /bundle/);
        expect([0, 1, 3]).toContain(ran.exitCode);
        expect(JSON.parse(ran.stdout)).toMatchObject({ schema: 'evenkeel/audit/v1' });
        nothingIsLost(bundle, changed);
      }),
      { numRuns: 300 },
    );
  });

  test('any bytes at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, zip) => {
        const content = Buffer.from(bytes);
        expectProblem(await audited(zip ? gzipSync(content) : content), 2, /bundle/);
      }),
    );
  });
});

function unpacked(bytes: Buffer): unknown {
  try {
    return unpackBundle(bytes);
  } catch (error) {
    return error;
  }
}

/** Follows the steps as far as they lead, and puts the value there. */
function replaced(at: unknown, [step, ...steps]: readonly number[], value: unknown): unknown {
  if (step === undefined || typeof at !== 'object' || at === null) return value;
  const keys = Object.keys(at);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return value;
  const changed = replaced(Reflect.get(at, key), steps, value);
  return Array.isArray(at)
    ? at.map((each: unknown, index) => (String(index) === key ? changed : each))
    : { ...at, [key]: changed };
}

/** An item that makes no sense is counted as such. */
function nothingIsLost(bundle: Buffer, texts: readonly string[]): void {
  const { facets } = unpackBundle(bundle);
  const all: { readonly [name: string]: Facet<unknown> } = facets;
  for (const text of texts.slice(1, -1)) {
    const { facet: name, state } = JSON.parse(text) as { facet: string; state: Facet<unknown> };
    const after = all[name];
    if (after?.state !== 'known' || state.state !== 'known' || !Array.isArray(state.value))
      continue;
    const read = (after.value as readonly unknown[]).length + after.rejected.length;
    expect(read, name).toBe(state.value.length + state.rejected.length);
  }
}
