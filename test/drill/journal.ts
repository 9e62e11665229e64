/** What the full drill has found so far: one line a run, so that it can be stopped and resumed. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DrillResult } from './run.ts';

export interface DrillRecord extends DrillResult {
  readonly round: number;
  /** RFC 3339. */
  readonly at: string;
}

const journalFile = path.join(import.meta.dirname, 'results.ndjson');

export function readJournal(file: string = journalFile): DrillRecord[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DrillRecord);
}

export function appendRecord(record: DrillRecord, file: string = journalFile): void {
  appendFileSync(file, `${JSON.stringify(record)}\n`);
}
