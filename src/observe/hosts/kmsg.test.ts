import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDmesg, parseKmsg } from './kmsg.ts';

it('reads records with what continues them', () => {
  const said = `6,339,5140900,-;NET: Registered PF_INET6
30,340,5690716,c,caller=T1;udevd: starting
3,341,5700000,-;usb 2-1: USB disconnect, device number 2
 SUBSYSTEM=usb
 DEVICE=c189:129
6,342,5700001,-;caf\\xc3\\xa9 \\x1b[31m a\\x5cb
 DEVICE=+usb:2-1
`;
  expect(parseKmsg(said)).toEqual([
    {
      micros: 5140900,
      text: 'NET: Registered PF_INET6',
      priority: 6,
      facility: 0,
      sequence: 339,
      flags: '-',
    },
    {
      micros: 5690716,
      text: 'udevd: starting',
      priority: 6,
      facility: 3,
      sequence: 340,
      flags: 'c',
    },
    {
      micros: 5700000,
      text: 'usb 2-1: USB disconnect, device number 2',
      priority: 3,
      facility: 0,
      sequence: 341,
      flags: '-',
      subsystem: 'usb',
      device: 'c189:129',
    },
    {
      micros: 5700001,
      text: 'café \u001b[31m a\\b',
      priority: 6,
      facility: 0,
      sequence: 342,
      flags: '-',
      device: '+usb:2-1',
    },
  ]);
});

it('leaves out what begins in the middle', () => {
  expect(parseKmsg('tail of a record\n DEVICE=+usb:9-9\n6,1,5,-;whole\n')).toEqual([
    { micros: 5, text: 'whole', priority: 6, facility: 0, sequence: 1, flags: '-' },
  ]);
});

it('does not take a text for a record of its own', () => {
  // The kernel escapes line feeds, so that none can be smuggled in.
  const [record, ...more] = parseKmsg('12,7,9,-;a\\x0a3,8,9,-;usb 2-1: USB disconnect\n');
  expect(more).toEqual([]);
  expect(record).toMatchObject({ facility: 1, sequence: 7 });
});

it('gives back any text that the kernel escaped', () => {
  const escaped = (text: string): string =>
    [...Buffer.from(text)]
      .map((byte) =>
        byte < 32 || byte > 126 || byte === 92
          ? `\\x${byte.toString(16).padStart(2, '0')}`
          : String.fromCharCode(byte),
      )
      .join('');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(parseKmsg(`6,1,5,-;${escaped(text)}\n`)[0]?.text).toBe(text);
    }),
  );
});

it('reads dmesg, with priorities and without', () => {
  const said = `<6>[    1.321460] tokio: drop_caches: 3
<30>[   12.000001] systemd[1]: Started.
[ 5262.299995] hrtimer: interrupt took 5889442 ns
no time
[Tue Jan  1 00:00:00 2026] other format
`;
  expect(parseDmesg(said)).toEqual([
    { micros: 1321460, text: 'tokio: drop_caches: 3', priority: 6, facility: 0 },
    { micros: 12000001, text: 'systemd[1]: Started.', priority: 6, facility: 3 },
    { micros: 5262299995, text: 'hrtimer: interrupt took 5889442 ns' },
  ]);
});
