import { globSync } from 'node:fs';
import { join } from 'node:path';
import { TestRunner } from 'vitest';
import { byText } from '../../src/lib/order.ts';
import type { Check } from '../../src/model/check.ts';
import { type CheckCase, caseBook, recordCases } from './cases.ts';

export interface CaseBook {
  readonly entries: readonly { readonly check: Check; readonly cases: readonly CheckCase[] }[];
  /** Test files that could not be loaded, and why. */
  readonly broken: readonly string[];
}

/** The cases of every check. To be awaited at the top of a test file, before its own tests. */
export async function readCaseBook(): Promise<CaseBook> {
  const root = join(import.meta.dirname, '../..');
  const broken: string[] = [];
  // Whatever else a check's test file registers belongs to its own run.
  const { tasks } = TestRunner.getCurrentSuite();
  const ours = tasks.length;
  Reflect.set(globalThis, recordCases, true);
  try {
    for (const path of globSync('src/checks/*/*.test.ts', { cwd: root }).sort(byText)) {
      try {
        // The query makes it another module than the one that runs as a test file.
        await import(/* @vite-ignore */ `${join(root, path)}?cases`);
      } catch (error) {
        broken.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    Reflect.deleteProperty(globalThis, recordCases);
    tasks.length = ours;
  }
  return { entries: [...caseBook.values()], broken };
}
