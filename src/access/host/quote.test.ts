import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { titled } from '../../../test/support/titled.ts';
import { quote, quoteAll } from './quote.ts';
import { noProgram } from './testing/place.ts';

/** Any text that an argument can be: all of Unicode but NUL, and what shells look at more often. */
const argument = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...`'"\\$\`!*?[]{}()<>|&;#~=%^-+ \t\n\ra1é`) }),
  fc.constantFrom('', '-', '--', '-n', '-e', "'", "''", '\n', '\\', '~', '$(id)', '!!', 'a\nb'),
);
const argvs = fc.array(
  argument.map((text) => text.toWellFormed().replaceAll('\0', '')),
  { maxLength: 12 },
);

describe.each(['sh', 'bash', 'dash'])('%s', (shell) => {
  const missing = noProgram(shell);

  test.skipIf(missing !== '')(titled('reads back what was quoted', missing), () => {
    fc.assert(
      fc.property(argvs, (argv) => {
        // printf would not show an argument list that is empty.
        const line = `set -- ${quoteAll(argv)}; echo $#; for a do printf '%s\\0' "$a"; done`;
        const output = execFileSync(shell, ['-c', line], { encoding: 'utf8' });
        const texts = argv.map((text) => `${text}\0`).join('');
        expect(output).toBe(`${argv.length}\n${texts}`);
      }),
      { numRuns: 100 },
    );
  });
});

test('what needs no quotes has none, and a NUL is refused', () => {
  expect(quoteAll(['ssh', '-p', '22', 'a b'])).toBe("ssh -p 22 'a b'");
  expect(quote('')).toBe("''");
  expect(() => quote('a\0b')).toThrow('NUL');
});
