import { expect, it } from 'vitest';
import { booleanOf, lastOf, listOf, parseIni } from './ini.ts';

const unit = `# comment
[Service]
ExecStartPre=/bin/one
ExecStartPre=/bin/two \\
  --with=words \\
# a comment in between
  --more
; another
[Other]
ExecStartPre=/bin/elsewhere
no assignment
`;

it('reads sections, comments and continued lines', () => {
  const parsed = parseIni(unit);
  expect(listOf(parsed, 'Service', 'ExecStartPre')).toEqual([
    '/bin/one',
    '/bin/two --with=words --more',
  ]);
  expect(lastOf(parsed, 'Other', 'ExecStartPre')).toBe('/bin/elsewhere');
  expect(lastOf(parsed, 'Other', 'Missing')).toBeUndefined();
});

it('forgets what an empty assignment takes away', () => {
  const parsed = parseIni(
    '[Service]\nExecStartPre=/bin/one\nExecStartPre=\nExecStartPre=/bin/two\n',
  );
  expect(listOf(parsed, 'Service', 'ExecStartPre')).toEqual(['/bin/two']);
});

it('knows the words for yes and no', () => {
  expect(['yes', 'On', '1', 'true'].map(booleanOf)).toEqual([true, true, true, true]);
  expect(['no', 'off', '0', 'False'].map(booleanOf)).toEqual([false, false, false, false]);
  expect(['', 'perhaps', undefined].map(booleanOf)).toEqual([undefined, undefined, undefined]);
});
