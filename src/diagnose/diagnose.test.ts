import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  at,
  crashing,
  diagnosed,
  link,
  minutes,
  names,
  span,
} from '../../test/support/diagnosed.ts';
import { nodeRef, podRef, type SaidBy } from '../../test/support/runs.ts';
import type { Explains } from '../model/check.ts';
import { findingId } from './run-checks.ts';

describe('one cause', () => {
  test('explains what is tied to it, and only that', () => {
    const [incident, ...others] = diagnosed(
      {
        id: 'node/not-ready',
        severity: 'critical',
        explains: [link()],
        fails: [{ subject: nodeRef('a'), onset: span(-60, 0) }],
      },
      crashing([...names('a', 10), 'b-0']),
    );
    expect(others).toEqual([]);
    expect(incident?.roots).toEqual([findingId('node/not-ready', nodeRef('a'))]);
    expect(incident?.links).toHaveLength(10);
    expect(incident?.certainty).toBe('certain');
  });

  test('predicted but absent refutes: one of ten pods broke, so the node is innocent', () => {
    const incidents = diagnosed(
      {
        id: 'link/link-down',
        explains: [link()],
        fails: [{ subject: nodeRef('a'), onset: span(-60, 0) }],
      },
      crashing(['a-0']),
    );
    expect(incidents).toEqual([]);
  });

  test('what was hidden is not held against it', () => {
    const [incident] = diagnosed(
      {
        id: 'link/link-down',
        explains: [link()],
        fails: [{ subject: nodeRef('a'), onset: span(-60, 0) }],
      },
      { ...crashing(['a-0']), well: [] },
    );
    expect(incident?.links).toHaveLength(1);
  });

  test('an effect that had no time to come is not missed', () => {
    const recent = 3600 - 120;
    const [incident] = diagnosed(
      {
        id: 'link/link-down',
        explains: [link()],
        fails: [{ subject: nodeRef('a'), onset: span(recent - 10, recent) }],
      },
      crashing(['a-0'], span(recent, recent + 60)),
    );
    expect(incident?.links).toHaveLength(1);
  });
});

describe('time', () => {
  const cause = (onset: [number | null, number]): SaidBy => ({
    id: 'node/not-ready',
    explains: [link({ lead: 0 })],
    fails: [{ subject: nodeRef('a'), onset }],
  });

  test('a faster observer may see the effect first: the intervals overlap', () => {
    const [incident] = diagnosed(cause(span(-10, 50)), crashing(names('a', 10), span(-3, 3)));
    expect(incident?.links).toHaveLength(10);
  });

  test('disjoint the wrong way refutes: it was broken before the cause could have been', () => {
    const incidents = diagnosed(cause(span(0, 50)), crashing(names('a', 10), span(-300, -200)));
    expect(incidents).toEqual([]);
  });

  test('too late refutes: it was still well long after the cause had done its work', () => {
    const incidents = diagnosed(cause(span(0, 50)), crashing(names('a', 10), span(1500, 1600)));
    expect(incidents).toEqual([]);
  });

  test('a cause that time refutes is named among the rivals of what stands alone', () => {
    const [incident] = diagnosed(
      { ...cause(span(0, 50)), explains: [link({ effect: 'node/pressure', tie: 'same-subject' })] },
      {
        id: 'node/pressure',
        severity: 'critical',
        fails: [{ subject: nodeRef('a'), onset: span(-300, -200) }],
      },
    );
    expect(incident?.rivals).toEqual([
      { roots: [findingId('node/not-ready', nodeRef('a'))], weight: 0, against: 'time' },
    ]);
  });
});

describe('past causes', () => {
  const flap = (rule: Partial<Explains>): SaidBy => ({
    id: 'node/not-ready',
    explains: [link(rule)],
    past: [{ subject: nodeRef('a'), onset: span(-60, 0), endedAt: at(300) }],
  });

  test('a recovered node owns the crash loops that stayed', () => {
    const [incident] = diagnosed(flap({}), crashing(names('a', 3), span(100, 200)));
    expect(incident?.roots).toEqual([findingId('node/not-ready', nodeRef('a'))]);
    expect(incident?.links).toHaveLength(3);
  });

  test('a recovered flap does not own an unrelated mount error: the signature does not fit', () => {
    const mount: SaidBy = {
      id: 'workload/mount-failed',
      fails: [{ subject: podRef('a-0'), onset: span(100, 200), facts: { why: 'missing-secret' } }],
    };
    const rule = { effect: 'workload/mount-failed', signature: { why: 'timeout' } } as const;
    expect(diagnosed(flap(rule), mount)).toEqual([]);
  });

  test('what began after the recovery is not its doing', () => {
    const incidents = diagnosed(flap({ within: minutes }), crashing(names('a', 3), span(900, 950)));
    expect(incidents).toEqual([]);
  });
});

describe('what cannot be seen', () => {
  const unseen = {
    candidates: ['kubelet', 'host', 'link'],
    decide: 'ssh {name} uptime',
    shared: 'a switch',
  };
  const dead = (...fails: { node: string; onset: [number | null, number] }[]): SaidBy => ({
    id: 'node/not-ready',
    severity: 'critical',
    unseen,
    fails: fails.map(({ node, onset }) => ({
      subject: nodeRef(node),
      onset,
      facts: { name: node, reason: 'NodeStatusUnknown' },
    })),
  });

  test('a host out of sight: suspected below the node, never certain', () => {
    const [incident] = diagnosed(dead({ node: 'a', onset: span(-50, 0) }));
    expect(incident?.certainty).toBe('suspected');
    expect(incident?.suspected).toEqual({
      candidates: ['kubelet', 'host', 'link'],
      well: [],
      decide: 'ssh a uptime',
      shared: false,
      what: '',
    });
  });

  test('two nodes at once are one suspected cause, not two roots', () => {
    const incidents = diagnosed(
      dead({ node: 'a', onset: span(-50, 0) }, { node: 'b', onset: span(-48, 4) }),
    );
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.roots).toHaveLength(2);
    expect(incidents[0]?.suspected).toMatchObject({ shared: true, what: 'a switch' });
  });

  test('two nodes an hour apart are two', () => {
    const incidents = diagnosed(
      dead({ node: 'a', onset: span(-50, 0) }, { node: 'b', onset: span(3000, 3050) }),
    );
    expect(incidents).toHaveLength(2);
  });
});

test('the order in which things are listed changes nothing', () => {
  const said = [
    {
      id: 'node/not-ready',
      explains: [link()],
      fails: [{ subject: nodeRef('a'), onset: span(-60, 0) }],
    },
    {
      id: 'link/link-down',
      explains: [link({ effect: 'node/not-ready', tie: 'same-subject' })],
      fails: [{ subject: nodeRef('a'), onset: span(-70, -10) }],
    },
    crashing([...names('a', 8), 'b-1']),
  ] satisfies SaidBy[];
  const expected = diagnosed(...said);
  fc.assert(
    fc.property(fc.shuffledSubarray(said, { minLength: said.length }), (shuffled) => {
      expect(diagnosed(...shuffled)).toEqual(expected);
    }),
  );
});
