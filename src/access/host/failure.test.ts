import { describe, expect, it, test } from 'vitest';
import type { WayFailure } from '../../model/objects/host/reach.ts';
import { wayFailures } from '../../model/objects/host/reach.ts';
import { type FailedWay, HostFailure, WayProblem } from './failure.ts';
import { hostFailureTexts } from './failure-texts.ts';

function failed(kind: WayFailure, detail?: string): FailedWay {
  const name = 'ssh josh@192.0.2.7:22';
  return {
    way: { transport: 'ssh', name, outcome: kind, ...(detail === undefined ? {} : { detail }) },
    kind,
    byHand: 'ssh -l josh -- 192.0.2.7 true',
  };
}

describe('every kind', () => {
  it('has its texts, and no other has', () => {
    expect(Object.keys(hostFailureTexts).sort()).toEqual([...wayFailures].sort());
  });

  it.each(wayFailures)('%s says what, why and next', (kind) => {
    const failure = new HostFailure('k3s1', [failed(kind, 'no')]);
    for (const text of [failure.message, failure.why, failure.next]) {
      expect(text).toMatch(/\S/);
      expect(text).not.toMatch(/\{\w+\}|undefined/);
    }
    expect(failure.message).toMatch(/k3s1.*: no$/);
    expect(failure.kind).toBe(kind);
  });

  it.each(wayFailures)('%s alone decides, and beside another one of the two', (kind) => {
    const failure = new HostFailure('k3s1', [failed('through'), failed(kind)]);
    expect(['through', kind]).toContain(failure.kind);
    expect(failure.ways.map(({ outcome }) => outcome)).toEqual(['through', kind]);
  });
});

test('foreign words are one line without control characters', () => {
  const problem = new WayProblem('denied', 'a\u001b[31m\nb\u202ec');
  expect(problem.message).toBe('a [31m b c');
});

test('a way may know better what to do next', () => {
  const denied = failed('denied');
  const way = { ...denied.way, next: "Run 'ssh-add'." };
  const failure = new HostFailure('k3s1', [{ ...denied, way }]);
  expect(failure.next).toBe("Run 'ssh-add'.");
});
