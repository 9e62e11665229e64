/**
 * Builds the parts of the test bed once into a cache directory, and tells where they are.
 *
 * `node test/bed/build.ts` builds; `findBed()` only looks.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { removeOldBuilds } from './old-builds.ts';

/** Upstream versions of the parts; go/kube/go.mod must require the same Kubernetes. */
export const versions = {
  kubernetes: 'v1.36.3',
  kine: 'v0.16.4',
  kwok: 'v0.8.0',
} as const;

/** The built parts: absolute paths. */
export interface Bed {
  readonly found: true;
  readonly directory: string;
  /** kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and certs in one. */
  readonly kube: string;
  /** The guard that ends a run's processes: see processes.ts. */
  readonly reap: string;
  readonly kine: string;
  readonly kwok: string;
  /** Directory of kwok's published Stages that the bed uses. */
  readonly stages: string;
}

/** Why there is no test bed: a sentence that starts with "skipped: ". */
export interface Missing {
  readonly found: false;
  readonly reason: string;
}

/** Sources of the parts in Go. */
export const goDirectory = path.join(import.meta.dirname, 'go');
const moduleDirectory = path.join(goDirectory, 'kube');
const environment = { ...process.env, GOTOOLCHAIN: 'local' };

const [, major = '', minor = ''] = /^v(\d+)\.(\d+)\./.exec(versions.kubernetes) ?? [];
const versionModules = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
const stripped = '-s -w';

/** Below `kustomize/stage` of kwok's module. */
export const stages = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
] as const;

/** One run of `go`. */
export interface BuildStep {
  readonly title: string;
  readonly arguments: readonly string[];
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Directory that holds one built bed per state of its sources, and the records of runs. */
export function cacheRoot(): string {
  const root = process.env['EVENKEEL_BED_CACHE'];
  if (root) return path.resolve(root);
  return path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'evenkeel/bed');
}

/** The built test bed, or the reason why there is none. Looks at files only; starts nothing. */
export function findBed(): Bed | Missing {
  if (process.platform !== 'linux') return missing('the test bed needs Linux');
  const bed = bedIn(path.join(cacheRoot(), sourceHash()));
  if (existsSync(bed.directory)) return bed;
  if (!onPath('go')) return missing('no Go toolchain');
  if (!onPath('gcc') && !onPath('cc')) return missing('no C compiler (kine is built with cgo)');
  return missing('the test bed is not built (npm run bed:build)');
}

/** Builds the bed unless it is there. Throws when a step fails; its output has been printed. */
export async function buildBed(print: (line: string) => void): Promise<Bed> {
  const bed = bedIn(path.join(cacheRoot(), sourceHash()));
  if (existsSync(bed.directory)) {
    print(`The test bed is already built: ${bed.directory}`);
    return bed;
  }
  mkdirSync(cacheRoot(), { recursive: true });
  removeAbandonedBuilds();
  const partial = path.join(cacheRoot(), `.building-${process.pid}`);
  mkdirSync(path.join(partial, 'bin'), { recursive: true });
  try {
    for (const step of buildSteps(partial)) await runStep(step, print);
    copyStages(partial);
    publish(partial, bed.directory);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  print(`The test bed is built: ${bed.directory}`);
  const builds = { current: bed.directory, kind: /^[0-9a-f]{16}$/, removing: partial };
  for (const name of removeOldBuilds(builds)) print(`Removed an old build: ${name}`);
  return bed;
}

function buildSteps(directory: string): BuildStep[] {
  const bin = path.join(directory, 'bin');
  const install = ['install', '-trimpath', '-ldflags', stripped];
  return [
    {
      title: `Kubernetes ${versions.kubernetes} (about 5 minutes the first time)`,
      directory: moduleDirectory,
      arguments: ['build', '-trimpath', '-ldflags', linkerFlags(), '-o', `${bin}/`, './...'],
    },
    {
      title: `kine ${versions.kine} (about 2 minutes the first time)`,
      arguments: [...install, `github.com/k3s-io/kine@${versions.kine}`],
      // SQLite comes as C source.
      environment: { GOBIN: bin, CGO_ENABLED: '1' },
    },
    {
      title: `kwok ${versions.kwok} (about 2 minutes the first time)`,
      arguments: [...install, `sigs.k8s.io/kwok/cmd/kwok@${versions.kwok}`],
      environment: { GOBIN: bin },
    },
  ];
}

/** Clients parse the version that the API server tells, so it is set at link time. */
export function linkerFlags(gitVersion: string = versions.kubernetes): string {
  const versionFlags = versionModules.flatMap((module) => [
    `-X ${module}.gitVersion=${gitVersion}`,
    `-X ${module}.gitMajor=${major}`,
    `-X ${module}.gitMinor=${minor}`,
  ]);
  return [stripped, ...versionFlags].join(' ');
}

function sourceHash(): string {
  // Not where the sources lie: a second clone finds the bed that the first has built.
  const steps = buildSteps('').map(({ directory: _, ...step }) => step);
  return hashOfModule(moduleDirectory, [steps, stages, process.arch]);
}

/** Names one state of a Go module's sources, and of what else goes into a build. */
export function hashOfModule(module: string, inputs: unknown): string {
  const hash = createHash('sha256');
  const sources = readdirSync(module, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(go|mod|sum)$/.test(name))
    .toSorted();
  for (const name of sources) {
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(path.join(module, name)));
  }
  hash.update(JSON.stringify(inputs));
  return hash.digest('hex').slice(0, 16);
}

function bedIn(directory: string): Bed {
  return {
    found: true,
    directory,
    kube: path.join(directory, 'bin/kube'),
    reap: path.join(directory, 'bin/reap'),
    kine: path.join(directory, 'bin/kine'),
    kwok: path.join(directory, 'bin/kwok'),
    stages: path.join(directory, 'stages'),
  };
}

function missing(why: string): Missing {
  return { found: false, reason: `skipped: ${why}` };
}

/** Whether a program of that name is on the PATH. */
export function onPath(command: string): boolean {
  const directories = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return directories.some((directory) => existsSync(path.join(directory, command)));
}

/** Runs `go` and prints how long it took; throws when it fails, its output has been printed. */
export async function runStep(step: BuildStep, print: (line: string) => void): Promise<void> {
  print(`Building ${step.title}`);
  const startedAt = performance.now();
  const child = spawn('go', step.arguments, {
    cwd: step.directory ?? cacheRoot(),
    env: { ...environment, ...step.environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new Error(`go ${step.arguments[0]} failed with code ${code}: ${step.title}`);
  print(`  done in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

/** kwok's Stages are taken from its own module at build time and never kept in this repository. */
function copyStages(directory: string): void {
  const module = `sigs.k8s.io/kwok@${versions.kwok}`;
  const answer = spawnSync('go', ['mod', 'download', '-json', module], {
    cwd: directory,
    env: environment,
    encoding: 'utf8',
  });
  const downloaded = JSON.parse(answer.stdout) as { Dir?: string; Error?: string };
  if (!downloaded.Dir) throw new Error(`go mod download ${module}: ${downloaded.Error}`);
  mkdirSync(path.join(directory, 'stages'));
  for (const stage of stages) {
    // Content only: files and directories of the module cache are read-only.
    const text = readFileSync(path.join(downloaded.Dir, 'kustomize/stage', stage));
    writeFileSync(path.join(directory, 'stages', path.basename(stage)), text);
  }
}

/** A build that ran at the same time may have published first: its result is the same. */
function publish(partial: string, directory: string): void {
  try {
    renameSync(partial, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}

function removeAbandonedBuilds(): void {
  for (const name of readdirSync(cacheRoot())) {
    const pid = /^\.building-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    rmSync(path.join(cacheRoot(), name), { recursive: true, force: true });
  }
}

if (import.meta.main) await buildBed((line) => console.log(line));
