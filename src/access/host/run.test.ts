import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type RunOptions, run } from './run.ts';

const limits: RunOptions = { timeoutMs: 10_000, maxOutputBytes: 100_000 };
const node = (script: string): string[] => [process.execPath, '-e', script];

describe('run', () => {
  it('gives the code and both outputs', async () => {
    const script = 'process.stdout.write("é"); process.stderr.write("b"); process.exitCode = 3';
    const result = await run(node(script), limits);
    expect(result).toEqual({ kind: 'exited', code: 3, stdout: 'é', stderr: 'b' });
  });

  it('hands over input, environment and arguments as they are', async () => {
    const script =
      'process.stdin.on("data", (d) => process.stdout.write(d + process.env.A + process.argv[1]))';
    const argv = [...node(script), '$(id) "; `x`'];
    const result = await run(argv, { ...limits, input: 'in ', env: { A: '*' } });
    expect(result).toMatchObject({ kind: 'exited', code: 0, stdout: 'in *$(id) "; `x`' });
  });

  it('does not mind a child that does not read', async () => {
    const result = await run(node(''), { ...limits, input: 'x'.repeat(1_000_000) });
    expect(result).toMatchObject({ kind: 'exited', code: 0 });
  });

  it('kills what takes too long, with what it started', async () => {
    const script =
      'const c = require("node:child_process").spawn("sleep", ["30"], { stdio: "inherit" }); console.error(c.pid)';
    const result = await run(node(script), { ...limits, timeoutMs: 700 });
    expect(result.kind).toBe('timed-out');
    const grandchild = Number(result.kind === 'timed-out' ? result.stderr : '');
    expect(grandchild).toBeGreaterThan(1);
    await expect.poll(() => isRunning(grandchild)).toBe(false);
  });

  it('stops what prints too much', async () => {
    const script = 'for (;;) process.stdout.write("x".repeat(10000))';
    expect(await run(node(script), limits)).toEqual({ kind: 'output-too-large' });
  });

  it('stops with its signal', async () => {
    const controller = new AbortController();
    const pending = run(['sleep', '30'], { ...limits, signal: controller.signal });
    controller.abort();
    expect(await pending).toEqual({ kind: 'cancelled' });
    expect(await run(['sleep', '30'], { ...limits, signal: controller.signal })).toEqual({
      kind: 'cancelled',
    });
  });

  it('tells which signal ended it', async () => {
    const result = await run(node('process.kill(process.pid, "SIGTERM")'), limits);
    expect(result).toMatchObject({ kind: 'signalled', signal: 'SIGTERM' });
  });

  it.each([[['no-such-program-here']], [['/no/such/program']], [[]], [['']]])(
    'is not-found for %j',
    async (argv) => {
      expect(await run(argv, limits)).toEqual({ kind: 'not-found' });
    },
  );

  it.each([[['/']], [['a\0b']], [['true', 'a\0b']]])('is not-started for %j', async (argv) => {
    expect(await run(argv, limits)).toMatchObject({ kind: 'not-started' });
  });
});

/** Where nobody reaps orphans a killed one stays as a zombie, which is dead enough. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
