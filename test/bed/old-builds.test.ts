import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stages } from './build.ts';
import { removeOldBuilds } from './old-builds.ts';

const hour = 3600;
const names = { current: 'c'.repeat(16), old: 'a'.repeat(16), other: 'b'.repeat(16) } as const;
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'evenkeel-cache-'));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

const inCache = (...parts: readonly string[]): string => path.join(cache, ...parts);

/** A build that was made so many hours ago. */
function build(name: string, hoursAgo: number): void {
  mkdirSync(inCache(name, 'bin'), { recursive: true });
  writeFileSync(inCache(name, 'bin/kube'), '');
  setAge(name, hoursAgo);
}

function setAge(name: string, hoursAgo: number): void {
  const at = Date.now() / 1000 - hoursAgo * hour;
  utimesSync(inCache(name), at, at);
}

function link(name: string, to: string, hoursAgo: number): void {
  symlinkSync(to, inCache(name));
  const at = Date.now() / 1000 - hoursAgo * hour;
  lutimesSync(inCache(name), at, at);
}

/** What goes, and what is there then. */
function removed(): { readonly gone: readonly string[]; readonly left: readonly string[] } {
  const removing = inCache(`.building-${process.pid}`);
  const gone = removeOldBuilds({
    current: inCache(names.current),
    kind: /^[0-9a-f]{16}$/,
    removing,
  });
  return { gone, left: readdirSync(cache).toSorted() };
}

describe('after a good build', () => {
  test('old ones of its kind go, and nothing else', () => {
    build(names.current, 0);
    build(names.old, 25);
    build(names.other, 23);
    build(`nodes-${names.old}`, 100);
    build(`${names.old}x`, 100);
    expect(removed()).toEqual({
      gone: [names.old],
      left: [`${names.old}x`, names.other, names.current, `nodes-${names.old}`].toSorted(),
    });
  });

  test('the current one stays, however old, and so does what it is a link to', () => {
    build(names.old, 100);
    link(names.current, names.old, 100);
    expect(removed()).toEqual({ gone: [], left: [names.old, names.current] });
  });

  test('what a young link leads to stays; an old link goes with it, or alone', () => {
    build(names.current, 0);
    build(names.old, 100);
    link(names.other, names.old, 1);
    link('d'.repeat(16), 'nowhere', 100);
    expect(removed()).toEqual({
      gone: ['d'.repeat(16)],
      left: [names.old, names.other, names.current],
    });
    lutimesSync(inCache(names.other), 0, 0);
    expect(removed()).toEqual({ gone: [names.old, names.other], left: [names.current] });
  });

  test('one whose program runs stays until that has ended', async () => {
    build(names.current, 0);
    build(names.old, 0);
    copyFileSync('/bin/sleep', inCache(names.old, 'bin/kube'));
    setAge(names.old, 100);
    const child = spawn(inCache(names.old, 'bin/kube'), ['60']);
    await once(child, 'spawn');
    expect(removed().gone).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(removed()).toEqual({ gone: [names.old], left: [names.current] });
  });

  test.each([
    ['a bed of real nodes runs', 'running/nodes/record.json'],
    ['another build is made', '.building-nodes-1/bin'],
  ])('all stay while %s', (_, sign) => {
    build(names.current, 0);
    build(names.old, 100);
    mkdirSync(path.dirname(inCache(sign)), { recursive: true });
    writeFileSync(inCache(sign), '');
    expect(removed().gone).toEqual([]);
    rmSync(path.dirname(inCache(sign)), { recursive: true });
    expect(removed().gone).toEqual([names.old]);
  });
});

test('npm run bed:build takes them away when it has built, and only then', () => {
  const module = inCache('module');
  for (const stage of stages) {
    const file = path.join(module, 'kustomize/stage', stage);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
  // Stands in for the toolchain: it builds nothing, and tells where kwok's module is.
  const go = `#!/bin/sh\n[ "$1" != mod ] || echo '{"Dir": "${module}"}'\nexit "$GO_EXIT"\n`;
  mkdirSync(inCache('path'));
  writeFileSync(inCache('path/go'), go, { mode: 0o755 });
  build(names.old, 25);
  build(names.other, 1);
  const run = (exit: number): string => {
    const env = {
      EVENKEEL_BED_CACHE: cache,
      GO_EXIT: String(exit),
      PATH: `${inCache('path')}:${process.env['PATH']}`,
    };
    const program = path.join(import.meta.dirname, 'build.ts');
    return spawnSync(process.execPath, [program], { env, encoding: 'utf8' }).stdout;
  };
  const builds = (): string[] => readdirSync(cache).filter((name) => /^[0-9a-f]{16}$/.test(name));
  expect(run(1)).not.toContain('Removed');
  expect(builds().toSorted()).toEqual([names.old, names.other]);
  expect(run(0)).toContain(`Removed an old build: ${names.old}\n`);
  expect(builds()).toHaveLength(2);
  expect(builds()).toContain(names.other);
  expect(readdirSync(cache).filter((name) => name.startsWith('.'))).toEqual([]);
});
