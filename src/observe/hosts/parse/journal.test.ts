import { expect, it } from 'vitest';
import { parseJournal } from './journal.ts';

it('reads entries, whoever wrote them about the unit', () => {
  const lines = [
    { MESSAGE: 'from k3s', _SYSTEMD_UNIT: 'k3s.service', __REALTIME_TIMESTAMP: '1795188898000500' },
    { MESSAGE: 'Started k3s.', UNIT: 'k3s.service', _SYSTEMD_UNIT: 'init.scope' },
    { MESSAGE: [...Buffer.from('\u001b[31mred')], _SYSTEMD_UNIT: 'k3s.service' },
    { MESSAGE: null, _SYSTEMD_UNIT: 'k3s.service' },
  ];
  const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"cut of`;
  expect(parseJournal(text)).toEqual([
    { at: 1795188898001, unit: 'k3s.service', text: 'from k3s' },
    { at: undefined, unit: 'k3s.service', text: 'Started k3s.' },
    { at: undefined, unit: 'k3s.service', text: '\u001b[31mred' },
  ]);
});
