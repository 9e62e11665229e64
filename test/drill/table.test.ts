import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { expectations } from './expectations.ts';
import { type DrillRecord, readJournal } from './journal.ts';
import { renderDrill } from './table.ts';

const page = path.join(import.meta.dirname, '../../docs/reference/drill.md');

test('the page says what the journal holds', () => {
  expect(readFileSync(page, 'utf8')).toBe(renderDrill(readJournal()));
});

test('a run counts as right only when it is so both ways, and its times are of the right ones', () => {
  const [first] = expectations;
  if (!first) throw new Error('nothing to drill');
  const seen = { judgement: 'right', detectedMs: 4_200, audits: 1, said: [], wrong: [] } as const;
  const missed = { ...seen, judgement: 'wrong', detectedMs: null } as const;
  const record: DrillRecord = {
    round: 1,
    at: '2026-03-01T12:00:00Z',
    fault: first.fault,
    momentMs: 0,
    ways: { ssh: seen, pct: missed },
  };
  const text = renderDrill([record, { ...record, ways: { ssh: seen, pct: seen } }]);
  expect(text).toContain('2 runs: 1 right both ways, 1 wrong with confidence.');
  expect(text).toContain(`| ${first.title} | pct | 2 | 1 | 0 | 0 | 1 | 4 s (4 s) |`);
});
