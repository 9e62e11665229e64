import { expect, test } from 'vitest';
import { samplePages } from '../../test/support/result-pages.ts';
import { deadNode } from '../../test/support/results.ts';
import type { Incident } from '../model/incident.ts';
import { decideCommand, plan } from './plan.ts';
import { unknownEntries } from './unknown.ts';

const actions = plan(deadNode, unknownEntries(deadNode), { pages: samplePages });

test('most urgent first, the incident before all', () => {
  expect(actions.map(({ priority, kind }) => `${priority} ${kind}`)).toEqual([
    'P0 incident',
    'P1 finding',
    'P1 posture',
    'P1 sight',
    'P2 finding',
    'P2 posture',
    'P2 posture',
    'P2 sight',
  ]);
  expect(actions[0]).toMatchObject({
    title: 'k3s3 has reported nothing for 3 days (10 findings follow from it)',
    why: ['I-7gk2m4qa', 'F-node'],
    commands: [
      "ssh k3s3 'systemctl status k3s k3s-agent; ip -br addr'",
      'kubectl describe node k3s3',
    ],
  });
});

test('effects of an incident are no actions, even if something lists them as alone', () => {
  const twice = plan({ ...deadNode, alone: ['F-stuck0', 'F-disk'] }, [], { pages: samplePages });
  expect(twice.flatMap((each) => each.why)).not.toContain('F-stuck0');
});

test('like risks are one action', () => {
  const many = actions.filter((each) => each.why.length === 5);
  expect(many.map((each) => each.title)).toEqual([
    '5 × deployment with one replica: media/radarr, media/sonarr, media/jellyfin and 2 more',
  ]);
});

test('sight is P1 where something critical may be hidden', () => {
  const sight = actions.filter((each) => each.kind === 'sight');
  expect(sight.map((each) => [each.priority, each.why])).toEqual([
    ['P1', ['F-b1', 'F-b2']],
    ['P2', ['F-b3', 'F-b4']],
  ]);
  expect(sight.map((each) => each.commands)).toEqual([
    ['evenkeel hosts discover'],
    ['evenkeel doctor'],
  ]);
});

test('commands about machines name the file that declares them, where it is not the usual one', () => {
  const unknown = unknownEntries(deadNode);
  const commands = plan(deadNode, unknown, { pages: samplePages, hostsFile: 'my lab.yaml' })
    .filter((each) => each.kind === 'sight')
    .flatMap((each) => each.commands);
  expect(commands).toEqual(["evenkeel hosts discover --hosts 'my lab.yaml'", 'evenkeel doctor']);
});

test('a name that is no plain word is not pasted into a shell', () => {
  const [incident] = deadNode.incidents as [Incident];
  const root = deadNode.findings[0];
  if (!root?.subject) throw new Error('the first finding is the root');
  const evil = { ...root, subject: { kind: 'Node', name: 'k3s3; reboot' } };
  expect(decideCommand(incident, root)).toBe(incident.suspected?.decide);
  expect(decideCommand(incident, evil)).toBeNull();
});
