import { expect, it } from 'vitest';
import { commandOf, parseShow, parseSpan } from './systemctl.ts';

it('parts units by empty lines, and keeps what is given twice', () => {
  const units = parseShow(
    'Id=a.service\nExecStartPre=1\nExecStartPre=2\n\nId=b.service\nExecStart={ argv[]=/bin/sh -c x=\ny ; ignore_errors=no ; }\n',
  );
  expect(units.map((unit) => unit.get('Id'))).toEqual([['a.service'], ['b.service']]);
  expect(units[0]?.get('ExecStartPre')).toEqual(['1', '2']);
  expect(commandOf(units[1]?.get('ExecStart')?.[0] ?? '')).toBe('/bin/sh -c x=\ny');
});

it.each([
  ['5s', 5000],
  ['1min 30s', 90_000],
  ['100ms', 100],
  ['1.5s', 1500],
  ['infinity', undefined],
  ['', undefined],
  ['5 apples', undefined],
])('reads %s', (text, ms) => {
  expect(parseSpan(text)).toBe(ms);
});
