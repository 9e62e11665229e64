import type { Baseline } from '../diagnose/lifecycle.ts';
import type { CheckId } from '../model/finding.ts';
import { refKey } from '../model/ref.ts';
import { refOfEntry } from '../report/document.ts';
import { type AuditDocument, documentSchema } from '../report/schema.ts';
import { readInput } from './read.ts';
import { Problem } from './spec.ts';

/** A report that an earlier audit wrote with `--output json`. */
export async function readReport(file: string): Promise<AuditDocument> {
  const text = (await readInput(file, 'report')).toString('utf8');
  const parsed = documentSchema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new Problem(
    `${file} is not a report of evenkeel: ${parsed.error.issues[0]?.path.join('.') || 'it is no JSON object'}`,
    'make one with: evenkeel audit --output json --out report.json',
  );
}

export async function readBaseline(file: string): Promise<Baseline> {
  const { findings, gone } = await readReport(file);
  const failed = findings.flatMap(({ id, check, subject, verdict }) =>
    verdict === 'fail' && subject
      ? [{ id, check: check as CheckId, subject: refKey(refOfEntry(subject)) }]
      : [],
  );
  return { failed, gone: (gone ?? []).map((each) => ({ ...each, check: each.check as CheckId })) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
