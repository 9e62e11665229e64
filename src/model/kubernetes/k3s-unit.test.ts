import { expect, test } from 'vitest';
import { before } from '../../../test/support/host-cases.ts';
import { known, unit } from '../../../test/support/hosts.ts';
import { noon } from '../../../test/support/snapshot.ts';
import type { Unit } from '../objects/host/system.ts';
import { k3sUnit, type UnitPhase, unitPhase } from './k3s-unit.ts';

const now = Date.parse(noon);
const looping = { activeState: 'activating', restarts: 2, startedAt: before(9) } as const;

const phases: readonly (readonly [UnitPhase, string, Partial<Unit>])[] = [
  ['running', 'since a day', {}],
  ['running', 'and reloads', { activeState: 'reloading' }],
  ['failed', 'for good', { activeState: 'failed' }],
  ['stopped', 'by hand', { activeState: 'inactive' }],
  ['starting', 'for a moment', { activeState: 'activating', startedAt: before(300) }],
  ['hanging', 'for long', { activeState: 'activating', startedAt: before(301) }],
  ['starting', 'once more', { ...looping, restarts: 1 }],
  ['restarting', 'again and again', looping],
  ['starting', 'after a long run', { ...looping, startedAt: before(400), exitedAt: before(2) }],
  ['restarting', 'after short runs', { ...looping, exitedAt: before(2) }],
  [
    'starting',
    'on its way down after a long run, with a counter of other days',
    {
      activeState: 'deactivating',
      restarts: 3,
      startedAt: before(400),
      stateChangedAt: before(3),
    },
  ],
  ['restarting', 'caught in between', { restarts: 2, activeSinceAt: before(60) }],
  [
    'restarting',
    'caught in between, the third time in a minute',
    { restarts: 9, activeSinceAt: before(3), restartedAt: [before(40), before(24), before(8)] },
  ],
  [
    'running',
    'since just now, after the third crash in days',
    {
      restarts: 3,
      activeSinceAt: before(20),
      restartedAt: [before(400_000), before(90_000), before(25)],
    },
  ],
  [
    'running',
    'since just now, and what was counted before is no longer in the journal',
    { restarts: 3, activeSinceAt: before(20), restartedAt: [before(25)] },
  ],
  [
    'starting',
    'after the third crash in days',
    { ...looping, restarts: 3, restartedAt: [before(90_000), before(9)] },
  ],
  ['running', 'for more than a minute', { restarts: 2, activeSinceAt: before(61) }],
  [
    'starting',
    'and nothing tells since when',
    { activeState: 'activating', startedAt: null, stateChangedAt: null },
  ],
];

test.each(phases)('%s: %s', (phase, _, changes) => {
  const stateChangedAt = changes.activeState === 'activating' ? null : undefined;
  expect(unitPhase(unit('k3s.service', { stateChangedAt, ...changes }), now)).toBe(phase);
});

const exit = {
  at: before(28),
  text: 'k3s.service: Main process exited, code=exited, status=1/FAILURE',
};
const ended: Partial<Unit> = {
  activeState: 'activating',
  startedAt: before(20),
  exitedAt: before(28),
  log: [{ at: before(40), text: 'x509: certificate signed by unknown authority' }, exit],
};

test.each<readonly [UnitPhase, string, Partial<Unit>]>([
  ['starting', 'since somebody restarted it', { subState: 'start' }],
  ['restarting', 'since it ended by itself', { subState: 'start', restarts: 1 }],
  ['restarting', 'as soon as its delay is over', { subState: 'auto-restart' }],
])('%s: %s, whatever it has written before', (phase, _, changes) => {
  expect(unitPhase(unit('k3s.service', { ...ended, ...changes }), now)).toBe(phase);
});

test('of two units the one that runs; else the one that a boot would start', () => {
  const server = unit('k3s.service', { activeState: 'inactive', unitFileState: 'disabled' });
  const agent = unit('k3s-agent.service', { activeState: 'inactive' });
  expect(k3sUnit({ units: known([server, agent]) })).toEqual(known(agent));
  const running = { ...server, activeState: 'active' };
  expect(k3sUnit({ units: known([agent, running]) })).toEqual(known(running));
});

test('units of the like name are none', () => {
  const others = [
    unit('k3s-node-watcher.service'),
    unit('k3s.service', { loadState: 'not-found' }),
  ];
  expect(k3sUnit({ units: known(others) })).toEqual({ state: 'absent' });
});
