import { expect, it } from 'vitest';
import { absentUnit, agentUnit, command, lookAt, lxcAgent, shown } from '../testing/lxc-agent.ts';
import { look, seen } from '../testing/seen.ts';

const started = lookAt - 86_400_000;
const dropIn = '/etc/systemd/system/k3s-agent.service.d/10-kmsg.conf';

it('tells a unit that runs, and none that is not there', async () => {
  const units = await seen('units', lxcAgent());
  expect(units).toEqual([
    {
      name: 'k3s-agent.service',
      loadState: 'loaded',
      activeState: 'active',
      subState: 'running',
      result: 'success',
      restarts: 0,
      restartDelayMs: 5000,
      type: 'notify',
      unitFileState: 'enabled',
      mainPid: 100,
      stateChangedAt: started + 20_000,
      activeSinceAt: started + 20_000,
      startedAt: started + 10_000,
      fragmentPath: '/etc/systemd/system/k3s-agent.service',
      dropIns: [],
      execStart: '/usr/local/bin/k3s agent',
      execStartPre: ['/sbin/modprobe br_netfilter'],
      execStartPreInDropIns: [],
      needsReload: false,
      log: [],
    },
  ]);
});

it.each([
  [{ ExecMainCode: '1', ExecMainStatus: '1' }, { exitStatus: 1 }],
  [{ ExecMainCode: '2', ExecMainStatus: '9' }, { exitSignal: 'KILL' }],
  [{ ExecMainCode: '3', ExecMainStatus: '6' }, { exitSignal: 'ABRT' }],
])('tells how it ended: %j', async (exit, expected) => {
  const unit = shown('k3s.service', { ActiveState: 'activating', NRestarts: '7', ...exit });
  const [found] = await seen('units', lxcAgent({ runs: { 'systemctl show *': unit } }));
  expect(found).toMatchObject({ restarts: 7, ...expected });
  expect(found?.activeSinceAt).toBeUndefined();
});

it('tells commands of drop-ins from those of the unit itself', async () => {
  const mknod = '-/bin/sh -c "[ -c /dev/kmsg ] || mknod /dev/kmsg c 1 11"';
  const unit = `${shown('k3s-agent.service', { DropInPaths: dropIn })}ExecStartPre=${command('/sbin/modprobe overlay')}\nExecStartPre=${command(mknod)}\n`;
  const host = lxcAgent({
    runs: { 'systemctl show *': unit },
    files: { [dropIn]: `[Service]\nExecStartPre=${mknod}\n` },
  });
  const [found] = await seen('units', host);
  expect(found?.dropIns).toEqual([dropIn]);
  expect(found?.execStartPre).toHaveLength(2);
  expect(found?.execStartPreInDropIns).toEqual([mknod]);
});

it('keeps the newest lines of each unit’s journal', async () => {
  const lines = Array.from({ length: 30 }, (_, n) =>
    JSON.stringify({
      MESSAGE: `line ${n}`,
      _SYSTEMD_UNIT: 'k3s-agent.service',
      __REALTIME_TIMESTAMP: String((lookAt + n) * 1000),
    }),
  );
  const host = lxcAgent({ runs: { 'journalctl *': lines.join('\n') } });
  const [unit] = await seen('units', host);
  expect(unit?.log).toHaveLength(20);
  expect(unit?.log.at(-1)).toEqual({ at: lookAt + 29, text: 'line 29' });
});

it('tells when systemd last started a unit anew', async () => {
  const restarts =
    'journalctl --no-pager --quiet --output=json --output-fields=MESSAGE,UNIT --lines=6 _PID=1 MESSAGE_ID=5eb03494b6584870a536b337290809b2 UNIT=k3s.service UNIT=k3s-agent.service';
  const lines = [-30, -12].map((seconds) =>
    JSON.stringify({
      MESSAGE: 'k3s-agent.service: Scheduled restart job, restart counter is at 2.',
      UNIT: 'k3s-agent.service',
      __REALTIME_TIMESTAMP: String((lookAt + seconds * 1000) * 1000),
    }),
  );
  const [unit] = await seen('units', lxcAgent({ runs: { [restarts]: lines.join('\n') } }));
  expect(unit?.restartedAt).toEqual([lookAt - 30_000, lookAt - 12_000]);
  expect(unit?.log).toEqual([]);
});

it('asks for the journal of what else failed', async () => {
  const others =
    'journalctl --no-pager --quiet --output=json --output-fields=MESSAGE,UNIT,_SYSTEMD_UNIT --lines=20 --unit=evenkeel-agent.service';
  const failed = shown('evenkeel-agent.service', { ActiveState: 'failed' });
  const line = JSON.stringify({ MESSAGE: 'no', UNIT: 'evenkeel-agent.service' });
  const host = lxcAgent({
    runs: { 'systemctl show *': `${agentUnit}\n${failed}\n${absentUnit}`, [others]: line },
  });
  const units = await seen('units', host);
  expect(units.find(({ name }) => name.startsWith('evenkeel'))?.log).toEqual([{ text: 'no' }]);
});

it('is absent where systemd does not run the machine', async () => {
  const stderr = 'System has not been booted with systemd as init system (PID 1).';
  const runs = { 'systemctl show *': { code: 1, stderr } };
  expect((await look(lxcAgent({ runs }))).units).toEqual({ state: 'absent' });
  const none = lxcAgent({ runs: { 'systemctl show *': 'no-program' } });
  expect((await look(none)).units).toEqual({ state: 'absent' });
});

it.each([
  ['timed-out', 'timed-out'],
  [{ code: 1, stderr: 'Failed to connect to bus: No such file or directory' }, 'no-answer'],
] as const)('is unknown when systemd does not answer: %j', async (ran, reason) => {
  const host = await look(lxcAgent({ runs: { 'systemctl show *': ran } }));
  expect(host.units).toMatchObject({ state: 'unknown', reason });
});
