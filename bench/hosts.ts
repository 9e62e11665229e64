/**
 * `npm run bench:hosts`: all facts of 50 hosts that are one sshd on loopback, against as many runs of
 * the machine's `ssh`, as many at a time, that ask by hand for what the first of our two looks asks.
 * Whole processes in turn, so that whatever else the machine does meets both; what runs on the hosts
 * runs on this one machine too. `--quick` takes 10 hosts and one turn.
 */
import path from 'node:path';
import type { HostRequest } from '../src/access/host/port.ts';
import { quoteAll } from '../src/access/host/quote.ts';
import { TestPlace } from '../src/access/host/testing/place.ts';
import { newKey, noSshd, TestSshd } from '../src/access/host/testing/sshd.ts';
import { hostParts } from '../src/model/objects/host/host.ts';
import { allParts } from '../src/observe/hosts/all-parts.ts';
import { inTurn, median } from './process.ts';

const quick = process.argv.includes('--quick');
const hosts = quick ? 10 : 50;
const turns = quick ? 1 : 5;
/** Logins and looks at a time, of theirs as of ours. */
const atOnce = 8;

if (noSshd !== '') throw new Error(noSshd);
const place = new TestPlace();
const key = newKey(place, 'key');
const sshd = await TestSshd.start(place, {
  keys: [key],
  hostKey: newKey(place, 'host'),
  config: ['MaxStartups 10:100:10', 'LogLevel ERROR'],
});

function ours(): string[] {
  const { port, user } = sshd;
  const ssh = { address: '127.0.0.1', port, user, identityFile: key };
  const named = Array.from({ length: hosts }, (_, at) => [`host-${at}`, { ssh }] as const);
  const file = place.write('evenkeel.yaml', JSON.stringify({ hosts: Object.fromEntries(named) }));
  const program = path.join(import.meta.dirname, '../dist/evenkeel.cjs');
  const environment = [`HOME=${place.directory}`, `XDG_STATE_HOME=${place.path('state')}`];
  const argv = ['host', 'facts', '--all', '--hosts', file, '--output', 'json'];
  return ['env', ...environment, process.execPath, program, ...argv];
}

function theirs(): string[] {
  const known = `UserKnownHostsFile=${place.path('known_hosts')}`;
  const options = ['-F', 'none', '-T', '-o', known, '-o', 'StrictHostKeyChecking=accept-new'];
  const way = ['-o', 'BatchMode=yes', '-i', key, '-p', String(sshd.port), '-l', sshd.user];
  const ssh = quoteAll(['ssh', ...options, ...way, '127.0.0.1', place.write('asked', byHand())]);
  const each = ssh.replace(place.path('asked'), `"$(cat ${place.path('asked')})"`);
  const worker = place.write('one.sh', `${each} </dev/null >/dev/null 2>&1 || [ $? -lt 255 ]\n`);
  return ['sh', '-c', `seq ${hosts} | xargs -P ${atOnce} -I{} sh ${worker} {}`];
}

/** What the first look asks, as a person would write it. */
function byHand(): string {
  const requests = hostParts.flatMap((part) => [
    ...allParts[part].requests({ declared: { addresses: [], optional: false } }),
  ]);
  const lines = requests.map((request) => inShell(request));
  return [...new Set(lines)].join('\n');
}

function inShell(request: HostRequest): string {
  if (request.kind === 'run') return `timeout 5 ${quoteAll(request.argv)} </dev/null`;
  const paths = request.paths.map((each) => each.replaceAll(/[^\w/.*@:+,-]/g, '\\$&')).join(' ');
  const reader = request.kind === 'stats' ? 'stat' : 'cat';
  return `for f in ${paths}; do [ -e "$f" ] && { echo "$f"; ${reader} "$f"; }; done 2>/dev/null`;
}

try {
  const pairs = await inTurn(ours(), theirs(), turns);
  const failed = pairs.find((pair) => pair.ours.exitCode !== 0 || pair.theirs.exitCode !== 0);
  if (failed) throw new Error(`not all hosts answered: ${JSON.stringify(failed)}`);
  const seconds = (values: readonly number[]): string => `${(median(values) / 1000).toFixed(2)} s`;
  const memory = Math.max(...pairs.map((pair) => pair.ours.peakMiB));
  const ratio = median(pairs.map((pair) => pair.ours.wallMs / pair.theirs.wallMs));
  console.log(
    `${hosts} hosts  ours ${seconds(pairs.map((pair) => pair.ours.wallMs))}, peak ${memory.toFixed(0)} MiB` +
      `  ssh ${seconds(pairs.map((pair) => pair.theirs.wallMs))}  ${ratio.toFixed(2)} × its time`,
  );
} finally {
  await sshd.stop();
  place.remove();
}
