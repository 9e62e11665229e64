import { describe, expect, it } from 'vitest';
import { unreadable } from './file.ts';

// Through the code and not through a file's mode: root may read everything.
describe('a file that cannot be read', () => {
  it.each([
    ['EACCES', '/etc/rancher/k3s/k3s.yaml: this user may not read it', 'sudo cat /etc/rancher'],
    ['ENOTDIR', 'there is no such file', "'ls -l /etc/rancher/k3s'"],
    ['EIO', 'it cannot be read (EIO)', "'ls -ld /etc/rancher/k3s/k3s.yaml'"],
  ])('%s', (code, what, next) => {
    const problem = unreadable('/etc/rancher/k3s/k3s.yaml', code);
    expect(problem.message).toContain(what);
    expect(problem.next).toContain(next);
  });

  it('is told at the place that names it', () => {
    const place = { file: '/home/me/config', line: 3, column: 5 };
    const problem = unreadable("/tmp/it's here/ca.crt", 'EACCES', place);
    expect(problem.message).toMatch(/^\/home\/me\/config:3:5: \/tmp\/it's here\/ca\.crt: /);
    expect(problem.next).toContain(`sudo cat '/tmp/it'\\''s here/ca.crt'`);
  });
});
