/** The containers of the nodes: their LXC configuration, their start and their end. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BedNode, bedDirectory, bridge, lxcPath, namespaces } from './layout.ts';
import { must, type RunOptions, type RunResult, run } from './run.ts';

/** Copies the node's file system from the built image and mounts it. */
export async function makeContainer(node: BedNode, image: string): Promise<void> {
  mkdirSync(node.root, { recursive: true });
  await must(['cp', '--sparse=always', '--reflink=auto', image, node.image]);
  await must(['mount', '-o', 'loop', node.image, node.root]);
  const directory = path.dirname(node.root);
  writeFileSync(path.join(directory, 'config'), containerConfig(node));
  writeFileSync(hookOf(node), startHook(node));
  chmodSync(hookOf(node), 0o755);
}

/**
 * Starts the container with /dev/kmsg, and returns when its first process runs.
 * LXC makes a new /dev at each start: after a restart from within there is none.
 */
export async function startContainer(node: BedNode): Promise<void> {
  writeFileSync(kmsgOf(node), '');
  const log = logOf(node);
  const argv = lxc('start', node, '--daemon', `--logfile=${log}`, '--logpriority=NOTICE');
  const { code } = await run(argv, { timeoutMs: 30_000 });
  // lxc-start itself only says where more could be read, and the directory is gone by then.
  if (code !== 0)
    throw new Error(`${node.name} does not start:\n${readFileSync(log, 'utf8').trim()}`);
}

/** Restarts it as `reboot` within it would: /dev/kmsg is lost. */
export async function rebootContainer(node: BedNode): Promise<void> {
  await must(lxc('stop', node, '--reboot'), { timeoutMs: 60_000 });
}

/** Power off, at once. */
export async function killContainer(node: BedNode): Promise<void> {
  await must(lxc('stop', node, '--kill'), { timeoutMs: 30_000 });
}

export async function freezeContainer(node: BedNode): Promise<void> {
  await must(lxc('freeze', node));
}

export async function unfreezeContainer(node: BedNode): Promise<void> {
  await must(lxc('unfreeze', node));
}

/** RUNNING, STOPPED, FROZEN … in LXC's words. */
export async function containerState(node: BedNode): Promise<string> {
  const { stdout } = await run(lxc('info', node, '--state', '--no-humanize'));
  return stdout.trim();
}

/** Runs a program in the container as its root, without a shell in between. */
export function attach(
  node: BedNode,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return run(attachArgv(node, argv), options);
}

export function attachArgv(node: BedNode, argv: readonly string[]): string[] {
  const environment = ['--set-var=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin'];
  return lxc('attach', node, '--clear-env', ...environment, '--', ...argv);
}

function lxc(command: string, node: BedNode, ...more: string[]): string[] {
  return [`lxc-${command}`, '-P', lxcPath(), '-n', node.lxcName, ...more];
}

/** While this file is there, the next start makes /dev/kmsg. */
function kmsgOf(node: BedNode): string {
  return path.join(path.dirname(node.root), 'make-kmsg');
}

function logOf(node: BedNode): string {
  return path.join(bedDirectory(), `${node.name}.lxc.log`);
}

function hookOf(node: BedNode): string {
  return path.join(path.dirname(node.root), 'start-host');
}

function containerConfig(node: BedNode): string {
  const lines = {
    'lxc.uts.name': node.name,
    'lxc.rootfs.path': `dir:${node.root}`,
    'lxc.init.cmd': '/sbin/init',
    // With plain cgroup:rw systemd joins controllers that the kubelet then does not find.
    'lxc.mount.auto': 'proc:rw sys:rw cgroup:rw:force',
    'lxc.apparmor.profile': 'unconfined',
    // A container that may set the clock sets the machine's.
    'lxc.cap.drop': 'sys_time',
    'lxc.autodev': '1',
    'lxc.tty.max': '0',
    'lxc.pty.max': '1024',
    'lxc.console.path': 'none',
    'lxc.signal.halt': 'SIGRTMIN+3',
    // The hook below makes the one interface: a name in our namespace is nothing LXC can reach.
    'lxc.net.0.type': 'empty',
    'lxc.hook.version': '1',
    'lxc.hook.start-host': hookOf(node),
  };
  const text = Object.entries(lines).map(([key, value]) => `${key} = ${value}`);
  return `${text.join('\n')}\n`;
}

/** LXC runs it at every start, also after a restart from within. */
function startHook(node: BedNode): string {
  const ip = `ip -netns ${namespaces.switch}`;
  return `#!/bin/sh
exec >>'${logOf(node)}' 2>&1
umask 022
set -e
${ip} link del ${node.port} 2>/dev/null || true
${ip} link add ${node.port} type veth peer name eth0 address ${node.mac} netns "$LXC_PID"
${ip} link set ${node.port} master ${bridge} up
if [ -e '${kmsgOf(node)}' ]; then
  rm '${kmsgOf(node)}'
  nsenter --target "$LXC_PID" --mount mknod /dev/kmsg c 1 11
fi
`;
}
