/**
 * Builds the parts of the bed of real nodes once into the bed's cache, and tells where they are:
 * the binary that stands in for k3s, containerd, and one file system image that every node copies.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  type Bed,
  type BuildStep,
  cacheRoot,
  findBed,
  goDirectory,
  hashOfModule,
  linkerFlags,
  type Missing,
  onPath,
  runStep,
  versions,
} from '../build.ts';
import { removeOldBuilds } from '../old-builds.ts';
import { imageInputs, makeImage, makeRoot, rootHash } from './image.ts';

/** What is built: absolute paths. */
export interface NodesBuild {
  readonly found: true;
  readonly directory: string;
  /** An ext4 file system, sparse: the root of a node that has no name yet. */
  readonly image: string;
  /** The sources in Go, for what a test builds on its own. */
  readonly module: string;
  readonly bed: Bed;
}

/** What the binary and the API server answer when asked for their version. */
export const nodeVersion = `${versions.kubernetes}+assembled`;

const containerd = 'v2.4.2';
const module = path.join(goDirectory, 'node');

/** Programs without which no bed starts, and the Debian packages that have them. */
const programs = {
  'lxc-start': 'lxc',
  ip: 'iproute2',
  nft: 'nftables',
  nsenter: 'util-linux',
  losetup: 'mount',
  haproxy: 'haproxy',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
} as const;

/** The built parts, or the reason why there are none. Looks at files only; starts nothing. */
export function findNodes(): NodesBuild | Missing {
  const bed = findBed();
  if (!bed.found) return bed;
  if (process.getuid?.() !== 0) return missing('the bed of real nodes needs root');
  for (const [program, debianPackage] of Object.entries(programs)) {
    if (!onPath(program) && !existsSync(path.join('/usr/sbin', program)))
      return missing(`no ${program} (Debian package ${debianPackage})`);
  }
  if (!existsSync('/dev/loop-control')) return missing('this machine has no loop devices');
  if (!existsSync('/dev/kmsg')) return missing('this machine has no /dev/kmsg');
  const built = buildIn(bed);
  if (existsSync(built.directory)) return built;
  return missing('the bed of real nodes is not built (npm run bed:build)');
}

/** Builds what is not there. Throws when a step fails; its output has been printed. */
export async function buildNodes(print: (line: string) => void): Promise<NodesBuild> {
  const bed = findBed();
  if (!bed.found) throw new Error(bed.reason);
  const built = buildIn(bed);
  if (existsSync(built.directory)) {
    print(`The bed of real nodes is already built: ${built.directory}`);
    return built;
  }
  mkdirSync(cacheRoot(), { recursive: true });
  removeAbandonedBuilds();
  const root = path.join(cacheRoot(), `root-${rootHash()}`);
  if (!existsSync(root)) await whole(root, (partial) => makeRoot(partial, print));
  await whole(built.directory, async (partial) => {
    const bin = path.join(partial, 'bin');
    mkdirSync(bin);
    for (const step of buildSteps(bin)) await runStep(step, print);
    await makeImage({ root, bin, image: path.join(partial, 'node.ext4') }, print);
  });
  print(`The bed of real nodes is built: ${built.directory}`);
  const removing = partialDirectory();
  for (const name of [
    ...removeOldBuilds({ current: built.directory, kind: /^nodes-[0-9a-f]{16}$/, removing }),
    ...removeOldBuilds({ current: root, kind: /^root-[0-9a-f]{16}$/, removing }),
  ])
    print(`Removed an old build: ${name}`);
  return built;
}

/** Flags of `go build` for the module of the nodes. */
export function nodeBuildFlags(): string[] {
  return ['-trimpath', '-ldflags', linkerFlags(nodeVersion)];
}

function buildSteps(bin: string): BuildStep[] {
  // The nodes' C library is not this machine's.
  const environment = { CGO_ENABLED: '0', GOBIN: bin };
  const install = ['install', '-trimpath', '-ldflags', '-s -w'];
  const command = 'github.com/containerd/containerd/v2/cmd';
  return [
    {
      title: `a node of ${nodeVersion} (about 5 minutes the first time)`,
      directory: module,
      arguments: ['build', ...nodeBuildFlags(), '-o', `${bin}/`, '.', './web'],
      environment,
    },
    ...['containerd', 'containerd-shim-runc-v2', 'ctr'].map((name) => ({
      title: `${name} ${containerd}`,
      arguments: [...install, `${command}/${name}@${containerd}`],
      environment,
    })),
    {
      title: `kine ${versions.kine}, linked statically`,
      arguments: [
        ...['install', '-trimpath', '-ldflags', '-s -w -linkmode external -extldflags -static'],
        `github.com/k3s-io/kine@${versions.kine}`,
      ],
      // SQLite comes as C source.
      environment: { GOBIN: bin, CGO_ENABLED: '1' },
    },
  ];
}

function buildIn(bed: Bed): NodesBuild {
  const steps = buildSteps('').map(({ directory: _, ...step }) => step);
  const hash = hashOfModule(module, [steps, imageInputs, rootHash(), process.arch]);
  const directory = path.join(cacheRoot(), `nodes-${hash}`);
  return { found: true, directory, image: path.join(directory, 'node.ext4'), module, bed };
}

/** Makes a directory under another name and renames it, so that it is there whole or not at all. */
async function whole(directory: string, make: (partial: string) => Promise<void>): Promise<void> {
  const partial = partialDirectory();
  mkdirSync(partial);
  try {
    await make(partial);
    renameSync(partial, directory);
  } catch (error) {
    // A build that ran at the same time may have been faster: its result is the same.
    if (!existsSync(directory)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function partialDirectory(): string {
  return path.join(cacheRoot(), `.building-nodes-${process.pid}`);
}

function removeAbandonedBuilds(): void {
  for (const name of readdirSync(cacheRoot())) {
    const pid = /^\.building-nodes-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    rmSync(path.join(cacheRoot(), name), { recursive: true, force: true });
  }
}

function missing(why: string): Missing {
  return { found: false, reason: `skipped: ${why}` };
}

if (import.meta.main) {
  const state = findNodes();
  // Where no bed of nodes can ever start, there is nothing to build for.
  if (!state.found && !state.reason.includes('is not built')) console.log(state.reason);
  else await buildNodes((line) => console.log(line));
}
