import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDmesg, parseKmsg } from '../kmsg.ts';
import { parseIfInet6 } from '../parts/addresses.ts';
import { parseDiskStats } from '../parts/disk-latency.ts';
import { parseProcRoutes } from '../parts/routes.ts';
import { parseDu } from '../parts/usage.ts';
import { optionValues, wordsOf } from './argv.ts';
import { parseDf } from './df.ts';
import { countKubeChains, parseFirewalldZone, parseUfwRules } from './firewall.ts';
import { parseIni } from './ini.ts';
import { parseJournal } from './journal.ts';
import { parseEnvironment, parseK3sFile } from './k3s-config.ts';
import { parseKubeletConfig } from './kubelet-config.ts';
import { parseMountinfo } from './mountinfo.ts';
import { parseSnmp, parseTcp } from './proc-net.ts';
import { commandOf, parseShow, parseSpan } from './systemctl.ts';

const parsers: { readonly [name: string]: (text: string) => unknown } = {
  parseMountinfo,
  parseIni,
  parseShow,
  commandOf,
  parseSpan,
  parseJournal,
  parseEnvironment,
  parseK3sFile: (text) => parseK3sFile('/x', text),
  parseKubeletConfig,
  parseDf,
  parseDu,
  parseTcp,
  parseSnmp: (text) => parseSnmp(text, 'Tcp'),
  parseIfInet6,
  parseProcRoutes,
  parseDiskStats,
  parseUfwRules,
  parseFirewalldZone: (text) => parseFirewalldZone('z', text),
  countKubeChains,
  parseKmsg,
  parseDmesg,
  wordsOf,
  optionValues: (text) => optionValues(text.split(' '), 'data-dir'),
};

/** Text that nearly is what a parser wants: its own pieces, shuffled and broken. */
const pieces = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    ...[
      '\n',
      '\n\n',
      '\t',
      ' ',
      '=',
      ',',
      ';',
      ':',
      '"',
      "'",
      '\\',
      '\\x',
      '{',
      '}',
      '[',
      ']',
      '- ',
      '-',
    ],
    ...[
      'Id=a',
      '6,1,1,-;',
      '<6>[ 1.0] ',
      ' DEVICE=+usb:1-1',
      '8 0 sda 1 2 3',
      '0A0200C0:192B',
      '01',
      '*a',
    ],
    ...[
      '27 1 254:0 / / rw - ext4 /dev/vda rw',
      '\\040',
      '4096\t/var',
      'key: value',
      'key: [',
      '&a',
      '### tuple ### ',
    ],
  ),
  fc.integer().map(String),
);
const text = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));

describe.each(Object.entries(parsers))('%s', (_, parse) => {
  it('never throws, whatever a host says', () => {
    fc.assert(
      fc.property(text, (said) => {
        parse(said);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each([
  ['parseMountinfo', parseMountinfo],
  ['parseTcp', parseTcp],
  ['parseProcRoutes', parseProcRoutes],
  ['parseIfInet6', parseIfInet6],
  ['parseKmsg', parseKmsg],
  ['parseDmesg', parseDmesg],
  ['parseDu', parseDu],
  ['parseJournal', parseJournal],
] as const)('%s', (_, parse) => {
  it('invents nothing out of words', () => {
    const words = fc.stringMatching(/^[a-z .\n]*$/);
    fc.assert(
      fc.property(words, (said) => {
        expect(parse(said)).toEqual([]);
      }),
    );
  });
});
