import { expect, it } from 'vitest';
import { mergeK3sFiles, parseEnvironment, parseK3sFile } from './k3s-config.ts';

const file = (text: string): ReturnType<typeof parseK3sFile> => parseK3sFile('/c.yaml', text);

it('reads scalars and lists alike', () => {
  expect(
    file('node-ip: 192.0.2.11\ndisable:\n  - traefik\n  - servicelb\nflannel: true\nempty:\n')
      .entries,
  ).toEqual([
    ['node-ip', ['192.0.2.11']],
    ['disable', ['traefik', 'servicelb']],
    ['flannel', ['true']],
    ['empty', []],
  ]);
});

it.each([
  ['server: [a', /^line 1, column \d+: /],
  ['a: b\n\tc: d\n', /^line 2, column \d+: /],
  ['token: "hunter2\nserver: x\n', /^line \d+, column \d+: /],
  ['- a\n- b\n', /^line 1, column 1: /],
  ['just words\n', /^line 1, column 1: /],
  ['a: *nowhere\n', /./],
])('says where %j is broken, and nothing of what stands there', (text, problem) => {
  const parsed = file(text);
  expect(parsed.problem).toMatch(problem);
  expect(JSON.stringify(parsed)).not.toContain('hunter2');
});

it('takes what k3s takes: nothing at all, the same key twice, a second document', () => {
  for (const text of ['', '# only a comment\n', 'a: 1\na: 2\n', 'a: 1\n---\nb: 2\n']) {
    expect(file(text).problem).toBeUndefined();
  }
});

it('lets the last file win, and appends where a key ends with +', () => {
  const merged = mergeK3sFiles([
    file('kubelet-arg: [a=1]\ndata-dir: /a\n'),
    file('kubelet-arg+: [b=2]\ndata-dir: /b\n'),
  ]);
  expect([...merged]).toEqual([
    ['kubelet-arg', ['a=1', 'b=2']],
    ['data-dir', ['/b']],
  ]);
});

it('reads environment files', () => {
  expect([...parseEnvironment(`# c\nK3S_URL='https://x:6443'\nexport A="b c"\n=x\nB=\n`)]).toEqual([
    ['K3S_URL', 'https://x:6443'],
    ['A', 'b c'],
    ['B', ''],
  ]);
});
