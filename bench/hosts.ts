/**
 * `npm run bench:hosts`: 50 host names that are one sshd on loopback, and a look of about a hundred
 * facts at each, against as many runs of the machine's `ssh` that ask for the same, as many at a time.
 * In turn, so that whatever else the machine does meets both. `--quick` takes 10 hosts and one turn.
 */
import { spawn } from 'node:child_process';
import { openHosts } from '../src/access/host/open.ts';
import type { HostRequest } from '../src/access/host/port.ts';
import type { HostSettings } from '../src/access/host/settings.ts';
import { TestPlace } from '../src/access/host/testing/place.ts';
import { newKey, noSshd, TestSshd } from '../src/access/host/testing/sshd.ts';
import { median } from './process.ts';

const quick = process.argv.includes('--quick');
const hosts = quick ? 10 : 50;
const turns = quick ? 1 : 5;
/** Logins at a time, of theirs as of ours. */
const atOnce = 8;

const files = ['/sys/class/net/*/*', '/sys/class/net/*/statistics/*'];
const programs = [
  ['uname', '-a'],
  ['date', '+%s'],
  ['df', '-Pk'],
];
const requests: readonly HostRequest[] = [
  { kind: 'contents', paths: files, maxBytes: 4096 },
  { kind: 'contents', paths: ['/proc/mounts', '/proc/uptime', '/proc/net/dev'], maxBytes: 65_536 },
  { kind: 'stats', paths: ['/dev/kmsg', '/etc/resolv.conf'] },
  ...programs.map((argv) => ({ kind: 'run' as const, argv, timeoutMs: 5000, maxBytes: 65_536 })),
];
/** The same, as a person would write it. */
const byHand = [
  'for f in /sys/class/net/*/* /sys/class/net/*/statistics/* /proc/mounts /proc/uptime /proc/net/dev',
  'do [ -f "$f" ] && { echo "$f"; cat "$f"; }; done 2>/dev/null',
  'stat /dev/kmsg /etc/resolv.conf',
  ...programs.map((argv) => argv.join(' ')),
].join('; ');

if (noSshd !== '') throw new Error(noSshd);
const place = new TestPlace();
const key = newKey(place, 'key');
const config = ['MaxStartups 10:100:10', 'LogLevel ERROR'];
const sshd = await TestSshd.start(place, { keys: [key], hostKey: newKey(place, 'host'), config });
const { port, user } = sshd;

async function ours(): Promise<number> {
  const settings = Array.from({ length: hosts }, (_, at): HostSettings => {
    const ssh = { address: '127.0.0.1', port, user, identityFile: key, sudo: false };
    return { name: `host-${at}`, optional: false, ssh };
  });
  const started = performance.now();
  const readers = openHosts(settings, {
    env: { PATH: process.env['PATH'] },
    home: place.directory,
    knownHosts: place.path('known_hosts'),
    otherKnownHosts: [],
    logins: atOnce,
  });
  const { signal } = new AbortController();
  await Promise.all(
    [...readers.values()].map((reader) => reader.look(requests, { signal, timeoutMs: 120_000 })),
  );
  const tookMs = performance.now() - started;
  await Promise.all([...readers.values()].map((reader) => reader.close()));
  return tookMs;
}

async function theirs(): Promise<number> {
  let left = hosts;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (left-- > 0) await systemSsh();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return performance.now() - started;
}

function systemSsh(): Promise<void> {
  const known = `UserKnownHostsFile=${place.path('known_hosts')}`;
  const options = ['-F', 'none', '-T', '-o', known, '-o', 'BatchMode=yes', '-i', key];
  const argv = [...options, '-p', String(port), '-l', user, '127.0.0.1', byHand];
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.resume();
    child.once('close', (code) => {
      if (code === 255) reject(new Error('ssh failed'));
      else resolve();
    });
  });
}

const pairs: { readonly oursMs: number; readonly theirsMs: number }[] = [];
try {
  await ours();
  for (let turn = 0; turn < turns; turn++) {
    pairs.push({ oursMs: await ours(), theirsMs: await theirs() });
  }
} finally {
  await sshd.stop();
  place.remove();
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const mib = process.resourceUsage().maxRSS / 1024;
console.log(
  `${hosts} hosts  ours ${seconds(median(pairs.map(({ oursMs }) => oursMs)))}, peak ${mib.toFixed(0)} MiB` +
    `  ssh ${seconds(median(pairs.map(({ theirsMs }) => theirsMs)))}` +
    `  ${median(pairs.map(({ oursMs, theirsMs }) => oursMs / theirsMs)).toFixed(2)} × its time`,
);
