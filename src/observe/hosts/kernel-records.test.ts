import { describe, expect, it } from 'vitest';
import { recognised } from './kernel-records.ts';
import type { KmsgRecord } from './kmsg.ts';

const at = (micros: number): number => micros / 1000;
const record = (seconds: number, text: string, changes: Partial<KmsgRecord> = {}): KmsgRecord => ({
  micros: seconds * 1e6,
  text,
  priority: 6,
  facility: 0,
  sequence: seconds,
  flags: '-',
  ...changes,
});
const gone = 'usb 2-1: USB disconnect, device number 2';

describe('recognised', () => {
  it('keeps what says something of a node', () => {
    expect(recognised([record(1, 'tokio: drop_caches: 3'), record(2, gone)], at)).toEqual([
      {
        class: 'usb-disconnect',
        usb: '2-1',
        driver: 'usb',
        at: 2000,
        sequence: 2,
        priority: 6,
        facility: 0,
        count: 1,
        text: gone,
      },
    ]);
  });

  it('believes nobody but the kernel, unless it is told to', () => {
    const written = [record(2, gone, { facility: 1 })];
    expect(recognised(written, at)).toEqual([]);
    expect(recognised(written, at, { anyFacility: true })).toHaveLength(1);
    const { facility: _, ...untold } = record(2, gone);
    expect(recognised([untold], at)).toHaveLength(1);
  });

  it('tells the same again and again by its first, its last and how often', () => {
    const records = [1, 2, 3, 4].map((second) => record(second, gone));
    const other = record(3, 'usb 3-1: USB disconnect, device number 5');
    const kept = recognised([...records, other], at);
    expect(kept.map(({ usb, at: when, count }) => [usb, when, count])).toEqual([
      ['2-1', 1000, 1],
      ['3-1', 3000, 1],
      ['2-1', 4000, 3],
    ]);
  });

  it('counts anew what comes back after a minute', () => {
    const kept = recognised([record(1, gone), record(3600, gone)], at);
    expect(kept.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('keeps 500 at most, and folds more before it forgets any', () => {
    const flood = Array.from({ length: 5000 }, (_, minutes) => record(minutes * 61, gone));
    const kept = recognised(flood, at);
    expect(kept.length).toBeLessThanOrEqual(500);
    expect(kept.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
    const many = Array.from({ length: 1200 }, (_, n) =>
      record(n, `usb 2-${n}: USB disconnect, device number 2`),
    );
    expect(recognised(many, at)).toHaveLength(500);
    expect(recognised(many, at).at(-1)?.usb).toBe('2-1199');
  });
});
