import { existsSync, readFileSync, statSync } from 'node:fs';
import { hostname as hostnameOf } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { titled } from '../../../test/support/titled.ts';
import { answerAt, hostFailureOf, hostname, patient } from './testing/looks.ts';
import { execute } from './testing/place.ts';
import { SshBed } from './testing/ssh-bed.ts';
import { freePort, newKey, noSshd, silentServer } from './testing/sshd.ts';

const short = { ...patient, timeoutMs: 1500 };

describe.skipIf(noSshd !== '')(titled('over ssh, with a real sshd', noSshd), () => {
  let bed: SshBed;
  beforeAll(async () => {
    bed = await SshBed.start();
  });
  afterEach(() => bed.endTest());
  afterAll(() => bed.end());

  test('the right key gets answers, and the host key is pinned', async () => {
    const look = await bed.hosts.reader({ ssh: bed.to(bed.sshd) }).look([hostname], patient);
    expect(answerAt(look, 0, 'contents').files).toEqual([
      { path: '/proc/sys/kernel/hostname', text: `${hostnameOf()}\n`, cut: false },
    ]);
    expect(look.user).toBe(bed.sshd.user);
    expect(look.ways).toEqual([
      {
        transport: 'ssh',
        name: `ssh ${bed.sshd.user}@127.0.0.1:${bed.sshd.port}`,
        outcome: 'answered',
      },
    ]);
    const { sentAt, hostAt, receivedAt } = look.clock;
    // date(1) counts whole milliseconds, and so do we.
    expect(hostAt).toBeGreaterThanOrEqual(sentAt - 1);
    expect(hostAt).toBeLessThanOrEqual(receivedAt + 1);
    expect(receivedAt - sentAt).toBeLessThan(2000);
    const pinned = bed.hosts.place.path('known_hosts');
    expect(statSync(pinned).mode & 0o777).toBe(0o600);
    expect(readFileSync(pinned, 'utf8')).toMatch(
      new RegExp(`^\\[127\\.0\\.0\\.1\\]:${bed.sshd.port} ssh-ed25519 \\S+\n$`),
    );
  });

  test('one connection serves all looks, also at once', async () => {
    const server = await bed.another({});
    const reader = bed.hosts.reader({ ssh: bed.to(server) });
    await Promise.all(Array.from({ length: 20 }, () => reader.look([hostname], patient)));
    await reader.look([hostname], patient);
    expect(server.log().match(/Accepted publickey/g)).toHaveLength(1);
  });

  test('a wrong key is denied', async () => {
    const reader = bed.hosts.reader({ ssh: bed.to(bed.sshd, { identityFile: bed.otherKey }) });
    const failure = await hostFailureOf(reader.look([hostname], patient));
    expect(failure.kind).toBe('denied');
    expect(failure.message).toContain('no key is accepted');
    expect(failure.next).toContain(`ssh -p ${bed.sshd.port} -l`);
  });

  test('a key with a passphrase is named, with what to do', async () => {
    const locked = newKey(bed.hosts.place, 'locked', 'a passphrase');
    const reader = bed.hosts.reader({ ssh: bed.to(bed.sshd, { identityFile: locked }) });
    const failure = await hostFailureOf(reader.look([hostname], patient));
    expect(failure.kind).toBe('denied');
    expect(failure.message).toContain(`${locked} has a passphrase and there is no SSH agent`);
    expect(failure.next).toContain(`ssh-add ${locked}`);
  });

  test('an agent opens it', async () => {
    const locked = newKey(bed.hosts.place, 'locked', 'open sesame');
    const server = await bed.another({ keys: [locked] });
    const socket = bed.hosts.place.path('agent');
    const said = execute('ssh-agent', ['-a', socket]);
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]);
    try {
      const ask = bed.hosts.place.program('askpass', 'echo open sesame');
      const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: ask };
      execute('ssh-add', ['-q', locked], { ...env, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: 'none' });
      const reader = bed.hosts.reader({ ssh: bed.to(server, { identityFile: locked }) }, { env });
      const look = await reader.look([hostname], patient);
      expect(look.ways.at(-1)?.outcome).toBe('answered');
    } finally {
      process.kill(pid);
    }
  });

  test('a changed host key is refused, with both fingerprints and the line', async () => {
    const first = await bed.another({});
    await bed.hosts.reader({ ssh: bed.to(first) }).look([hostname], patient);
    await first.stop();
    await bed.another({ hostKey: bed.otherKey, port: first.port });
    const failure = await hostFailureOf(
      bed.hosts.reader({ ssh: bed.to(first) }).look([hostname], patient),
    );
    const pinned = bed.hosts.place.path('known_hosts');
    expect(failure.kind).toBe('host-key-changed');
    for (const part of [bed.printOf(bed.hostKey), bed.printOf(bed.otherKey), `${pinned}:1`]) {
      expect(failure.message).toContain(part);
    }
    expect(failure.next).toContain(`ssh-keygen -R '[127.0.0.1]:${first.port}' -f ${pinned}`);
  });

  test("the user's known hosts count, hashed ones too", async () => {
    const line = `[127.0.0.1]:${bed.sshd.port} ${bed.publicKey(bed.otherKey)}\n`;
    const theirs = bed.hosts.place.write('.ssh/known_hosts', line);
    execute('ssh-keygen', ['-q', '-H', '-f', theirs]);
    expect(readFileSync(theirs, 'utf8')).toMatch(/^\|1\|/);
    const look = bed.hosts.reader({ ssh: bed.to(bed.sshd) }).look([hostname], patient);
    const failure = await hostFailureOf(look);
    expect(failure.kind).toBe('host-key-changed');
    expect(failure.message).toContain(`${theirs}:1`);
    expect(existsSync(bed.hosts.place.path('known_hosts'))).toBe(false);
  });

  test('a revoked key is refused', async () => {
    bed.hosts.place.write('.ssh/known_hosts', `@revoked * ${bed.publicKey(bed.hostKey)}\n`);
    const look = bed.hosts.reader({ ssh: bed.to(bed.sshd) }).look([hostname], patient);
    const failure = await hostFailureOf(look);
    expect(failure.kind).toBe('host-key-changed');
    expect(failure.message).toContain('revoked');
  });

  test('no sudo is told as such', async () => {
    bed.hosts.place.program('id', 'echo 1000');
    bed.hosts.place.program('sudo', "echo 'sudo: a password is required' >&2; exit 1");
    const server = await bed.another({ bin: bed.hosts.place.path('bin') });
    const reader = bed.hosts.reader({ ssh: bed.to(server, { sudo: true }) });
    const failure = await hostFailureOf(reader.look([hostname], patient));
    expect(failure.kind).toBe('no-sudo');
    expect(failure.message).toContain('a password is required');
    const without = bed.hosts.reader({ ssh: bed.to(server) });
    expect((await without.look([hostname], patient)).root).toBe(false);
  });

  test('sudo is used where we are not root, and noise before the answer does not matter', async () => {
    bed.hosts.place.program('id', 'echo 1000');
    bed.hosts.place.program('sudo', 'echo "welcome, dear $*"; shift 2; exec "$@"');
    const server = await bed.another({
      bin: bed.hosts.place.path('bin'),
      force: 'printf "motd =\\0 B=\\n"; echo more >&2; exec sh -c "$SSH_ORIGINAL_COMMAND"',
    });
    const reader = bed.hosts.reader({ ssh: bed.to(server, { sudo: true }) });
    const look = await reader.look([hostname], patient);
    expect(answerAt(look, 0, 'contents').files).toHaveLength(1);
  });

  test.each([
    ['a login shell that hangs', 'sleep 60', 'timed-out'],
    ['a login shell that ends at once', 'echo no login', 'malformed'],
    [
      'a connection cut in the middle',
      'sh -c "$SSH_ORIGINAL_COMMAND" | head -c 150; kill -9 $PPID',
      'cut',
    ],
    ['output without end', 'head -c 1G /dev/zero', 'output-too-large'],
  ])('%s', async (_, force, kind) => {
    const server = await bed.another({ force });
    const reader = bed.hosts.reader({ ssh: bed.to(server) });
    const before = process.memoryUsage().rss;
    const failure = await hostFailureOf(
      reader.look([hostname], kind === 'timed-out' ? short : patient),
    );
    expect(failure.kind).toBe(kind);
    expect(failure.ways).toMatchObject([{ outcome: kind, present: true }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(500 * 1024 * 1024);
  });

  test('a connection that was there before proves nothing of now', async () => {
    const flag = bed.hosts.place.path('hangs');
    const force = `test -e ${flag} && exec sleep 60; touch ${flag}; exec sh -c "$SSH_ORIGINAL_COMMAND"`;
    const reader = bed.hosts.reader({ ssh: bed.to(await bed.another({ force })) });
    expect((await reader.look([hostname], patient)).ways[0]?.outcome).toBe('answered');
    const failure = await hostFailureOf(reader.look([hostname], short));
    expect(failure.kind).toBe('timed-out');
    expect(failure.ways[0]).not.toHaveProperty('present');
  });

  test('after a cut the next look connects anew', async () => {
    const flag = bed.hosts.place.path('once');
    const force = `test -e ${flag} || { touch ${flag}; kill -9 $PPID; }; exec sh -c "$SSH_ORIGINAL_COMMAND"`;
    const reader = bed.hosts.reader({ ssh: bed.to(await bed.another({ force })) });
    expect((await hostFailureOf(reader.look([hostname], patient))).kind).toBe('cut');
    expect((await reader.look([hostname], patient)).answers).toHaveLength(1);
  });

  test('a server that accepts and never speaks', async () => {
    const silent = await silentServer();
    bed.untilEnd(silent);
    const reader = bed.hosts.reader({ ssh: bed.to(silent) }, { connectTimeoutMs: 300 });
    const failure = await hostFailureOf(reader.look([hostname], patient));
    expect(failure.kind).toBe('timed-out');
    expect(failure.message).toContain('no connection within the deadline');
    expect(failure.ways[0]).not.toHaveProperty('present');
  });

  test('a refused port, and a name that does not resolve', async () => {
    const port = await freePort();
    const refused = await hostFailureOf(
      bed.hosts.reader({ ssh: bed.to({ port }) }).look([hostname], patient),
    );
    expect(refused.kind).toBe('refused');
    const unknown = bed.hosts.reader({
      ssh: bed.to(bed.sshd, { address: 'no-such-host.invalid' }),
    });
    expect((await hostFailureOf(unknown.look([hostname], patient))).kind).toBe('unknown-host');
  });

  test('an interrupted look is cancelled', async () => {
    const server = await bed.another({ force: 'sleep 60' });
    const reader = bed.hosts.reader({ ssh: bed.to(server) });
    const interrupted = new AbortController();
    const look = reader.look([hostname], { ...patient, signal: interrupted.signal });
    setTimeout(() => interrupted.abort(), 300);
    expect((await hostFailureOf(look)).kind).toBe('cancelled');
  });

  test('closing ends looks under way', async () => {
    const server = await bed.another({ force: 'sleep 60' });
    const reader = bed.hosts.reader({ ssh: bed.to(server) });
    const look = hostFailureOf(reader.look([hostname], patient));
    setTimeout(() => void reader.close(), 500);
    expect((await look).kind).toBe('cut');
  });
});
