/** Daemons of the bed outside its containers: HAProxy and the sshd of the Proxmox stand-in. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bedDirectory } from './layout.ts';
import { inNamespace } from './network.ts';
import { run } from './run.ts';

/**
 * Starts a program in a namespace and returns the path of its log once it listens on `port`.
 * It ends with the namespace: the sweep ends every process in it.
 */
export async function startDaemon(
  name: string,
  namespace: string,
  argv: readonly string[],
  port: number,
): Promise<string> {
  const log = path.join(bedDirectory(), `${name}.log`);
  const output = openSync(log, 'a');
  const [program = '', ...rest] = inNamespace(namespace, argv);
  const child = spawn(program, rest, {
    cwd: bedDirectory(),
    stdio: ['ignore', output, output],
    // Its own session: a Ctrl-C in the terminal must reach the owner only.
    detached: true,
  });
  closeSync(output);
  child.unref();
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (failure !== undefined) throw failure;
    if (child.exitCode !== null)
      throw new Error(`${name} ended early: ${readFileSync(log, 'utf8').trim()}`);
    const { stdout } = await run(inNamespace(namespace, ['ss', '-Hltn', 'sport', '=', `:${port}`]));
    if (stdout.includes('LISTEN')) return log;
    await sleep(50);
  }
  throw new Error(`${name} does not listen on port ${port}: see ${log}`);
}
