import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { titled } from '../../../test/support/titled.ts';
import type { HostFailure } from './failure.ts';
import type { SshSettings } from './settings.ts';
import { answerAt, hostFailureOf, hostname, patient, settingsOf } from './testing/looks.ts';
import { programPath } from './testing/place.ts';
import { SshBed } from './testing/ssh-bed.ts';
import { freePort, noSshd } from './testing/sshd.ts';

describe.skipIf(noSshd !== '')(
  titled('many hosts, and the ways to them, with a real sshd', noSshd),
  () => {
    let bed: SshBed;
    beforeAll(async () => {
      bed = await SshBed.start();
    });
    afterEach(() => bed.endTest());
    afterAll(() => bed.end());

    test('50 hosts that are one sshd stay below its MaxStartups', async () => {
      const server = await bed.another({ config: ['MaxStartups 10:100:10'] });
      const many = Array.from({ length: 50 }, (_, at) =>
        settingsOf(`host-${at}`, { ssh: bed.to(server) }),
      );
      const readers = [...bed.hosts.open(many).values()];
      const looks = await Promise.all(
        readers.map((reader) => reader.look([hostname], { ...patient, timeoutMs: 30_000 })),
      );
      expect(looks.every(({ ways }) => ways[0]?.outcome === 'answered')).toBe(true);
      expect(server.log()).not.toMatch(/MaxStartups|drop connection/);
    }, 40_000);

    test('of 20 hosts that are one machine, no more than 8 are looked at at a time', async () => {
      const folder = bed.hosts.place.path('at-it');
      const crowd = `f=${folder}; mkdir -p $f; : >$f/$$; ls $f | wc -l >>$f.log; sleep 1; sh -c "$SSH_ORIGINAL_COMMAND"; rm $f/$$`;
      const server = await bed.another({ force: crowd });
      const many = Array.from({ length: 20 }, (_, at) =>
        settingsOf(`host-${at}`, { ssh: bed.to(server) }),
      );
      const readers = [...bed.hosts.open(many).values()];
      await Promise.all(
        readers.map((reader) => reader.look([hostname], { ...patient, timeoutMs: 30_000 })),
      );
      const counts = readFileSync(`${folder}.log`, 'utf8').trim().split('\n').map(Number);
      expect(counts).toHaveLength(20);
      expect(Math.max(...counts)).toBeGreaterThan(1);
      expect(Math.max(...counts)).toBeLessThanOrEqual(8);
    }, 40_000);

    test('a jump host is gone through, and named when it is not there', async () => {
      const beyond = await bed.another({ hostKey: bed.otherKey });
      const both = bed.hosts.open([
        settingsOf('gate', { ssh: bed.to(bed.sshd) }),
        settingsOf('inner', { ssh: bed.to(beyond, { jump: 'gate' }) }),
        settingsOf('closed', { ssh: bed.to({ port: await freePort() }, { jump: 'gate' }) }),
      ]);
      const look = await both.get('inner')?.look([hostname], patient);
      expect(look?.ways).toHaveLength(1);
      expect(beyond.log()).toContain('Accepted publickey');
      const closed = both.get('closed')?.look([hostname], patient) ?? Promise.resolve();
      expect((await hostFailureOf(closed)).kind).toBe('refused');

      const gone = bed.hosts.open([
        settingsOf('gate', { ssh: bed.to({ port: await freePort() }) }),
        settingsOf('inner', { ssh: bed.to(beyond, { jump: 'gate' }) }),
      ]);
      const lost = gone.get('inner')?.look([hostname], patient) ?? Promise.resolve();
      const failure = await hostFailureOf(lost);
      expect(failure.kind).toBe('through');
      expect(failure.message).toMatch(/127\.0\.0\.1:\d+: refused: connection refused$/);
    });

    test("the machine's own ssh", async () => {
      const place = `[127.0.0.1]:${bed.sshd.port}`;
      const known = bed.hosts.place.write('known', `${place} ${bed.publicKey(bed.hostKey)}\n`);
      const bin = bed.hosts.place.path('bin');
      bed.hosts.place.program(
        'ssh',
        `exec ${programPath('ssh')} -F none -o UserKnownHostsFile="$KNOWN" -o IdentitiesOnly=yes "$@"`,
      );
      const env = { PATH: `${bin}:${process.env['PATH']}`, KNOWN: known };
      const ssh = bed.to(bed.sshd, { client: 'system' });
      const look = await bed.hosts.reader({ ssh }, { env }).look([hostname], patient);
      expect(answerAt(look, 0, 'contents').files).toHaveLength(1);

      const failureWith = (more: Partial<SshSettings>, file = known): Promise<HostFailure> => {
        const reader = bed.hosts.reader(
          { ssh: { ...ssh, ...more } },
          { env: { ...env, KNOWN: file } },
        );
        return hostFailureOf(reader.look([hostname], patient));
      };
      const kindWith = async (more: Partial<SshSettings>, file = known): Promise<string> =>
        (await failureWith(more, file)).kind;
      expect(await kindWith({ identityFile: bed.otherKey })).toBe('denied');
      const refused = await failureWith({ port: await freePort() });
      expect(refused).toMatchObject({ kind: 'refused', ways: [{ detail: 'connection refused' }] });
      expect(await kindWith({ address: 'no-such-host.invalid' })).toBe('unknown-host');
      expect(await kindWith({}, '/dev/null')).toBe('denied');
      const changed = bed.hosts.place.write('changed', `${place} ${bed.publicKey(bed.otherKey)}\n`);
      expect(await kindWith({}, changed)).toBe('host-key-changed');
    });
  },
);
