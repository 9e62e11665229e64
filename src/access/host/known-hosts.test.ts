import { chmodSync, readFileSync, statSync } from 'node:fs';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { titled } from '../../../test/support/titled.ts';
import { WayProblem } from './failure.ts';
import { KnownHosts } from './known-hosts.ts';
import { fingerprint, knownName, parseKnownHosts, typeOf } from './known-hosts-file.ts';
import { execute, noProgram, TestPlace } from './testing/place.ts';

let place: TestPlace;
let names = 0;
beforeEach(() => {
  place = new TestPlace();
});
afterEach(() => place.remove());

/** A key as it stands in a file: its type, and 32 bytes. */
function keyOf(byte: number, type = 'ssh-ed25519'): Buffer {
  const part = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([part(Buffer.from(type)), part(Buffer.alloc(32, byte))]);
}
const lineOf = (host: string, key: Buffer): string =>
  `${host} ${typeOf(key)} ${key.toString('base64')}\n`;

function known(own = place.path('state', 'evenkeel', 'known_hosts')): KnownHosts {
  const others = [place.path('theirs')];
  return new KnownHosts({ own, others, random: () => `${names++}` });
}

async function refusal(work: Promise<void>): Promise<WayProblem> {
  const outcome: unknown = await work.then(
    () => new Error('it was accepted'),
    (error: unknown) => error,
  );
  if (outcome instanceof WayProblem) return outcome;
  throw outcome;
}

describe('a known_hosts file', () => {
  const match = (line: string, address: string, port = 22): boolean =>
    parseKnownHosts(line).some((each) => each.matches(knownName(address, port)));
  const key = keyOf(1);

  test.each([
    ['k3s1', 'k3s1', 22, true],
    ['k3s1', 'K3S1', 22, true],
    ['k3s1', 'k3s11', 22, false],
    ['a,192.0.2.7', '192.0.2.7', 22, true],
    ['192.0.2.7', '192x0x2x7', 22, false],
    ['*.lan,!bad.lan', 'k3s1.lan', 22, true],
    ['*.lan,!bad.lan', 'bad.lan', 22, false],
    ['k3s?', 'k3s1', 22, true],
    ['[k3s1]:2222', 'k3s1', 2222, true],
    ['[k3s1]:2222', 'k3s1', 22, false],
    ['k3s1', 'k3s1', 2222, false],
  ])('%s for %s port %i: %s', (pattern, address, port, expected) => {
    expect(match(lineOf(pattern, key), address, port)).toBe(expected);
  });

  const noKeygen = noProgram('ssh-keygen');

  test.skipIf(noKeygen !== '')(titled('hashed by ssh-keygen', noKeygen), () => {
    const file = place.write('theirs', lineOf('k3s1', key) + lineOf('[k3s1]:2222', keyOf(2)));
    execute('ssh-keygen', ['-q', '-H', '-f', file]);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('k3s1');
    expect(match(text, 'k3s1')).toBe(true);
    expect(match(text, 'k3s1', 2222)).toBe(true);
    expect(match(text, 'k3s2')).toBe(false);
  });

  test('markers, comments and lines that are none', () => {
    const text = `# k3s1\n\n@revoked ${lineOf('k3s1', key)}@cert-authority ${lineOf('*', key)}@other ${lineOf('k3s1', key)}k3s1 ssh-rsa ${key.toString('base64')}\nk3s1\n`;
    expect(parseKnownHosts(text).map(({ line, marker }) => [line, marker])).toEqual([
      [3, 'revoked'],
      [4, 'cert-authority'],
    ]);
  });

  test('any text is read without harm', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const each of parseKnownHosts(text)) each.matches('k3s1');
      }),
    );
  });
});

describe('host keys', () => {
  test('are pinned on first use, beside what is there', async () => {
    const own = place.write('state/evenkeel/known_hosts', lineOf('old', keyOf(9)).trim());
    await known().check('k3s1', 22, keyOf(1));
    await known().check('k3s1', 22, keyOf(1));
    expect(readFileSync(own, 'utf8')).toBe(lineOf('old', keyOf(9)) + lineOf('k3s1', keyOf(1)));
    expect(statSync(own).mode & 0o777).toBe(0o600);
  });

  test('are pinned at once for many', async () => {
    const hosts = known();
    const many = Array.from({ length: 30 }, (_, at) => hosts.check(`host-${at}`, 22, keyOf(at)));
    await Promise.all(many);
    const lines = readFileSync(place.path('state/evenkeel/known_hosts'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(30);
  });

  test('of two at the same first moment one is refused', async () => {
    const hosts = known();
    const both = [hosts.check('k3s1', 22, keyOf(1)), hosts.check('k3s1', 22, keyOf(2))];
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('that changed are refused with both fingerprints and the place', async () => {
    const theirs = place.write('theirs', `# mine\n${lineOf('k3s1', keyOf(1))}`);
    const problem = await refusal(known().check('k3s1', 22, keyOf(2)));
    expect(problem.kind).toBe('host-key-changed');
    expect(problem.message).toBe(
      `it shows ssh-ed25519 ${fingerprint(keyOf(2))}, pinned is ssh-ed25519 ${fingerprint(keyOf(1))} (${theirs}:2)`,
    );
    expect(problem.next).toContain(`ssh-keygen -R k3s1 -f ${theirs}`);
  });

  test('of another type than the known one are no new host', async () => {
    place.write('theirs', lineOf('k3s1', keyOf(1, 'ssh-rsa')));
    expect((await refusal(known().check('k3s1', 22, keyOf(1)))).kind).toBe('host-key-changed');
    expect(await known().about('k3s1', 22)).toEqual({ types: ['ssh-rsa'], hasAuthority: false });
  });

  test('that the user has accepted anew count, whatever we have pinned', async () => {
    await known().check('k3s1', 22, keyOf(1));
    place.write('theirs', lineOf('k3s1', keyOf(2)));
    await known().check('k3s1', 22, keyOf(2));
  });

  test('that are revoked are refused, also when pinned', async () => {
    await known().check('k3s1', 22, keyOf(1));
    place.write('theirs', `@revoked ${lineOf('*', keyOf(1))}`);
    const problem = await refusal(known().check('k3s1', 22, keyOf(1)));
    expect(problem).toMatchObject({ kind: 'host-key-changed' });
    expect(problem.message).toContain('is revoked');
  });

  test('that cannot be remembered are not accepted', async () => {
    place.write('file', '');
    const problem = await refusal(
      known(place.path('file', 'known_hosts')).check('a', 22, keyOf(1)),
    );
    expect(problem.kind).toBe('denied');
    expect(problem.message).toContain('cannot be remembered');
  });

  test('in a file that cannot be read are not taken for unknown', async () => {
    place.write('theirs/not-a-file', '');
    chmodSync(place.path('theirs'), 0o755);
    const problem = await refusal(known().check('a', 22, keyOf(1)));
    expect(problem.message).toContain('cannot be read');
  });
});
