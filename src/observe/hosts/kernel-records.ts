import type { Millis } from '../../lib/clock.ts';
import { minute } from '../../lib/time.ts';
import { classifyKernelLine } from '../../model/kernel-lines.ts';
import type { KernelRecord } from '../../model/objects/host/kernel.ts';
import type { KmsgRecord } from './kmsg.ts';

/** As many as are kept of one host. */
const mostRecords = 500;

/** Within how long the same again is told by its count. Longer ones, where there would be too many. */
const spans: readonly Millis[] = [minute, 10 * minute, 60 * minute, Number.POSITIVE_INFINITY];

/**
 * Those records that say something of a node, oldest first; `at` gives their moment.
 * Without `anyFacility` only what the kernel itself wrote counts, since anyone may write the others;
 * a source that does not tell is believed.
 */
export function recognised(
  records: readonly KmsgRecord[],
  at: (micros: number) => Millis,
  { anyFacility = false } = {},
): KernelRecord[] {
  const found = records.flatMap((record): KernelRecord[] => {
    const { text, facility, subsystem, device, micros, sequence, priority } = record;
    if (!anyFacility && facility !== undefined && facility !== 0) return [];
    const said = classifyKernelLine({
      text,
      subsystem,
      device,
      ...(anyFacility ? {} : { facility }),
    });
    if (!said) return [];
    return [{ ...said, at: at(micros), sequence, priority, facility, count: 1, text }];
  });
  const folded = spans.map((span) => fold(found, span)).find((each) => each.length <= mostRecords);
  return (folded ?? fold(found, Number.POSITIVE_INFINITY)).slice(-mostRecords);
}

/**
 * The same class and device again and again is kept as its first and its last; the counts of the two
 * add up to how often it was written.
 */
function fold(records: readonly KernelRecord[], span: Millis): KernelRecord[] {
  const open = new Map<string, { first: KernelRecord; last: KernelRecord | undefined }>();
  const kept: { first: KernelRecord; last: KernelRecord | undefined }[] = [];
  for (const record of records) {
    const key = JSON.stringify([
      record.class,
      record.usb,
      record.interface,
      record.about,
      record.from,
    ]);
    const before = open.get(key);
    if (!before || record.at - before.first.at > span) {
      const run = { first: record, last: undefined };
      open.set(key, run);
      kept.push(run);
    } else {
      before.last = { ...record, count: (before.last?.count ?? 0) + 1 };
    }
  }
  return kept
    .flatMap(({ first, last }) => (last ? [first, last] : [first]))
    .toSorted((a, b) => a.at - b.at || (a.sequence ?? 0) - (b.sequence ?? 0));
}
