/** `status` and `shell`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { attachArgv, containerState } from '../container.ts';
import { namespaces } from '../layout.ts';
import { inNamespace } from '../network.ts';
import type { Nodes } from '../nodes.ts';
import { runningNodes, runningRecord } from './running.ts';

export async function runStatus(): Promise<void> {
  const record = runningRecord();
  const { owner, startedAt, title } = record;
  console.log(`Running since ${startedAt} for ${title} (process ${owner.pid})`);
  const bed = runningNodes();
  const states = await bed.states().catch((error: unknown) => {
    console.log('The API server does not answer:', error instanceof Error ? error.message : error);
    return [];
  });
  for (const node of bed.nodes) {
    const state = states.find(({ name }) => name === node.name);
    const words = [node.name, node.address, `vmid ${node.vmid}`, await containerState(node)];
    if (state !== undefined) words.push(`Ready=${state.ready} (${state.reason})`, ...state.taints);
    console.log(words.join('  '));
  }
  const csv = await bed.exec(['curl', '--silent', '--max-time', '3', bed.haproxy.csvUrl]);
  for (const line of csv.stdout.split('\n').slice(1)) {
    const fields = line.split(',');
    if (fields[0] === 'web' && fields[1] !== 'FRONTEND')
      console.log(`HAProxy  ${fields[1]}  ${fields[17]} ${fields[36]}`);
  }
}

export async function runShell(where: string): Promise<void> {
  const bed = runningNodes();
  const [program = '', ...argv] = shellOf(bed, where);
  const child = spawn(program, argv, { stdio: 'inherit', env: clientEnvironment(bed) });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

function shellOf(bed: Nodes, where: string): string[] {
  if (where === 'client') return inNamespace(namespaces.client, ['bash']);
  if (where === 'pve')
    return inNamespace(namespaces.client, ['ssh', '-t', '-F', bed.ssh.config, 'root@pve']);
  return attachArgv(bed.node(where), ['bash', '--login']);
}

/** In the client's shell `kubectl` is the bed's own. */
function clientEnvironment(bed: Nodes): NodeJS.ProcessEnv {
  const programs = path.join(bed.directory, 'bin');
  mkdirSync(programs, { recursive: true });
  const kubectl = path.join(programs, 'kubectl');
  writeFileSync(kubectl, `#!/bin/sh\nexec '${bed.build.bed.kube}' kubectl "$@"\n`, { mode: 0o755 });
  return {
    ...process.env,
    KUBECONFIG: bed.kubeconfig,
    PATH: `${programs}:${process.env['PATH']}`,
  };
}
