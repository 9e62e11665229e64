import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyResult, hostileText } from '../../test/support/random-results.ts';
import { samplePages } from '../../test/support/result-pages.ts';
import { deadNode } from '../../test/support/results.ts';
import { documentOf } from './document.ts';
import { codeBlock, codeSpan, escapeMarkdown } from './escape-markdown.ts';
import { renderMarkdown } from './markdown.ts';

const options = { version: '0.1.0', pages: samplePages };

test('a dead node', async () => {
  const text = renderMarkdown(documentOf(deadNode, options), samplePages);
  await expect(text).toMatchFileSnapshot('goldens/dead-node.md');
});

/** What is left of Markdown once code and escapes are taken out: there, nothing may be active. */
function active(markdown: string): string {
  return markdown
    .replaceAll(/^ *(`{3,})sh\n[\s\S]*?^ *\1$/gm, '')
    .replaceAll(/\\[!-/:-@[-`{-~]/g, '')
    .replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '');
}

describe('hostile text', () => {
  test.each([
    ['<script>', '&lt;script&gt;'],
    ['[a](javascript:x)', '\\[a\\](javascript:x)'],
    ['see https://evil.example now', 'see `https://evil.example` now'],
    ['@all #12', '`@all` `#12`'],
    ['**bold** ~~x~~ $x$', '\\*\\*bold\\*\\* \\~\\~x\\~\\~ \\$x\\$'],
    ['# heading', '\\# heading'],
    ['1. one', '1\\. one'],
    ['1.32.5', '1.32.5'],
    ['a | b', 'a \\| b'],
    ['two\nlines', 'two\\\\nlines'],
  ])('%j', (given, markdown) => {
    expect(escapeMarkdown(given)).toBe(markdown);
  });

  test('code cannot be closed from within', () => {
    expect(codeSpan('a`b``c')).toBe('```a`b``c```');
    expect(codeSpan('`')).toBe('`` ` ``');
    expect(codeBlock(['echo ```'])).toContain('````sh');
  });

  test('nothing of it is active', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(active(escapeMarkdown(text))).not.toMatch(/[<>`*_[\]|~$]|:\/\/|www\.|@|^[#>+=-]/i);
      }),
    );
  });

  test('nor of any report', () => {
    fc.assert(
      fc.property(anyResult, (result) => {
        const text = renderMarkdown(documentOf(result, options), samplePages);
        expect(text).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]|\p{Default_Ignorable_Code_Point}/u);
        expect(active(text)).not.toMatch(/[<[\]`]|:\/\/|www\.|@/i);
      }),
      { numRuns: 60 },
    );
  });
});
