import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostileText } from '../../test/support/random-results.ts';
import { fillCommand, shellQuote } from './shell.ts';

const from =
  (values: { readonly [name: string]: string | readonly string[] }) =>
  (name: string): string | readonly string[] | undefined =>
    values[name];

test('a real shell reads one quoted value as one word, unchanged', () => {
  const word = hostileText.filter((text) => !text.includes('\0') && text.isWellFormed());
  const words = fc.sample(word, { numRuns: 300, seed: 7 });
  const script = words.map((each) => `printf '%s\\0' ${shellQuote(each)}`).join('\n');
  const said = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0');
  expect(said.slice(0, -1)).toEqual(words);
});

describe('fillCommand', () => {
  test.each([
    ['kubectl describe node {name}', 'kubectl describe node k3s3'],
    ["ssh {name} 'systemctl status k3s'", "ssh k3s3 'systemctl status k3s'"],
    [
      "kubectl get pod -o jsonpath='{.spec}{end}' {name}",
      "kubectl get pod -o jsonpath='{.spec}{end}' k3s3",
    ],
    ["kubectl get {name} -o go-template='{{name}}'", "kubectl get k3s3 -o go-template='{{name}}'"],
    ['kubectl delete pod {pods}', 'kubectl delete pod a b'],
    ['echo {odd}', "echo 'a b'\\''c'"],
  ])('%s', (template, command) => {
    const values = from({ name: 'k3s3', pods: ['a', 'b'], odd: "a b'c" });
    expect(fillCommand(template, values)).toBe(command);
  });

  test.each([
    ['no value', 'echo {other}', 'x'],
    ['an option in disguise', 'ssh {name}', '-oProxyCommand=reboot'],
    ['within quotes', "sh 'x {name}'", '$(reboot)'],
    ['within quotes, after a backslash', 'awk \'\\\' "{name}"', '$(reboot)'],
    ['through a second shell', 'ssh node echo {name}', 'a; reboot'],
    ['a line break', 'echo {name}', 'a\nreboot'],
    ['nothing', 'echo {name}', ''],
  ])('left out: %s', (_, template, name) => {
    expect(fillCommand(template, from({ name }))).toBeUndefined();
  });
});
