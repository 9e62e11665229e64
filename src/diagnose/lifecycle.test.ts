import { expect, test } from 'vitest';
import { nodeRef, runOf } from '../../test/support/runs.ts';
import type { Finding } from '../model/finding.ts';
import { type Baseline, compare } from './lifecycle.ts';
import { findingId } from './run-checks.ts';

const check = 'node/not-ready';
const id = findingId(check, nodeRef('a'));
const failing: readonly Finding[] = runOf({
  id: check,
  fails: [{ subject: nodeRef('a'), onset: [null, 0] }],
}).findings;
const well: readonly Finding[] = [];
const blind: readonly Finding[] = runOf({ id: check, blind: true }).findings;

const failed: Baseline = { failed: [{ id, check, subject: 'Node/a' }], gone: [] };
const remembered = (change: 'fixed' | 'unseen'): Baseline => ({
  failed: [],
  gone: [{ id, check, subject: 'Node/a', change }],
});

test.each([
  ['new: the baseline does not know it', failing, { failed: [], gone: [] }, { [id]: 'new' }, []],
  ['ongoing: it failed then and fails now', failing, failed, { [id]: 'ongoing' }, []],
  ['regressed: it was fixed and is back', failing, remembered('fixed'), { [id]: 'regressed' }, []],
  [
    'ongoing: it was out of sight in between',
    failing,
    remembered('unseen'),
    { [id]: 'ongoing' },
    [],
  ],
  ['fixed: its check looked and it is well', well, failed, {}, ['fixed']],
  ['unseen: its check could not look', blind, failed, {}, ['unseen']],
  ['fixed stays fixed while nobody can look', blind, remembered('fixed'), {}, ['fixed']],
  ['fixed: seen well after having been out of sight', well, remembered('unseen'), {}, ['fixed']],
] as const)('%s', (_, findings, baseline, changes, gone) => {
  const compared = compare(findings, baseline);
  expect(compared.changes).toEqual(changes);
  expect(compared.gone.map((each) => each.change)).toEqual(gone);
});
