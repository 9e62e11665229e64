import { expect, test } from 'vitest';
import { host, silentHost } from '../../../test/support/hosts.ts';
import type { HostSettings } from '../../access/host/settings.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { WayFailure } from '../../model/objects/host/reach.ts';
import { hintFor } from './hint.ts';

const settings: HostSettings = {
  name: 'k3s1',
  optional: false,
  ssh: { address: '192.0.2.11', port: 2222, user: 'josh', identityFile: '~/.ssh/my cluster' },
};

function silent(reason: WayFailure, present?: boolean): Host {
  const name = 'ssh josh@192.0.2.11:2222';
  return {
    ...silentHost('k3s1', reason, 'no'),
    ways: [{ transport: 'ssh', name, outcome: reason, present }],
  };
}

test('one that answered needs no hint', () => {
  expect(hintFor(host('k3s1'), [settings])).toBeUndefined();
});

test('what is tried by hand goes the same way, with the same key', () => {
  const hint = hintFor(silent('denied'), [settings]);
  expect(hint).toContain("'ssh -v -p 2222 -i ~/'.ssh/my cluster' josh@192.0.2.11 true'");
  expect(hintFor(silent('denied'), [])).toContain("'ssh -v -p 2222 josh@192.0.2.11 true'");
});

test('what the way itself knows to do is told in place of what usually helps', () => {
  const next = "Hand the key to the agent: 'ssh-add ~/.ssh/id_ed25519'.";
  const host = silent('denied');
  const ways = host.ways.map((way) => ({ ...way, next }));
  const hint = hintFor({ ...host, ways }, [settings]);
  expect(hint).toMatch(/^It does not know our key.* Hand the key to the agent: 'ssh-add [^']*'\.$/);
});

test('of one that is there, the way there is not suspected', () => {
  expect(hintFor(silent('timed-out'), [settings])).toContain('packets to it are dropped');
  const inside = hintFor(silent('timed-out', true), [settings]);
  expect(inside).toContain('It is there');
  expect(inside).not.toContain('packets');
  // A cut has one explanation, wherever it comes.
  expect(hintFor(silent('cut', true), [settings])).toContain('went away while it was answering');
});
