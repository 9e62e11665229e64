/** Runs the built command line in the client's network namespace, as a person there would. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type AuditDocument, documentSchema } from '../../src/report/schema.ts';
import type { Nodes } from '../bed/nodes/nodes.ts';
import type { RunResult } from '../bed/nodes/run.ts';
import type { Way } from './expectations.ts';

/** A drill takes long: it may be of a build that nobody touches meanwhile. */
const program =
  process.env['EVENKEEL_DRILL_PROGRAM'] ??
  path.join(import.meta.dirname, '../../dist/evenkeel.cjs');

export interface Look {
  readonly exitCode: number;
  readonly document: AuditDocument;
  readonly tookMs: number;
}

/** `evenkeel.yaml` for one way to the machines; JSON is YAML. Returns its path. */
export function writeConfig(nodes: Nodes, way: Way): string {
  const key = { user: 'root', identityFile: nodes.ssh.key };
  const entry = (node: Nodes['nodes'][number]): object => ({
    node: node.name,
    ...(way === 'ssh'
      ? { ssh: { address: node.address, ...key } }
      : { pct: { host: 'pve', id: node.vmid } }),
  });
  const pve = {
    ssh: { address: nodes.pve.address, ...key },
    haproxy: { url: nodes.haproxy.csvUrl },
  };
  const hosts = Object.fromEntries(nodes.nodes.map((node) => [node.name, entry(node)]));
  const file = path.join(nodes.directory, `${way}.yaml`);
  // The machine carries everything here: a slow API is a true finding, and not what is drilled.
  const checks = { options: { 'control-plane/api-slow': { slowMs: 30_000 } } };
  writeFileSync(
    file,
    JSON.stringify({ checks, baseline: baselineFile(nodes), hosts: { pve, ...hosts } }),
  );
  return file;
}

export function baselineFile(nodes: Nodes): string {
  return path.join(nodes.directory, 'evenkeel.baseline.json');
}

/** `node` is for the runtime itself: `--import` and its like. */
export function evenkeel(
  nodes: Nodes,
  argv: readonly string[],
  node: readonly string[] = [],
): Promise<RunResult> {
  return nodes.exec([process.execPath, ...node, program, ...argv], {
    env: {
      KUBECONFIG: nodes.kubeconfig,
      HOME: nodes.directory,
      XDG_STATE_HOME: path.join(nodes.directory, 'state'),
    },
    timeoutMs: 120_000,
  });
}

/** `evenkeel audit --hosts … --output json`, held to the published schema. */
export function look(nodes: Nodes, way: Way, ...more: readonly string[]): Promise<Look> {
  return lookWith(nodes, writeConfig(nodes, way), more);
}

/** The same with another `evenkeel.yaml`. */
export async function lookWith(
  nodes: Nodes,
  file: string,
  more: readonly string[] = [],
  node: readonly string[] = [],
): Promise<Look> {
  const startedAt = performance.now();
  const argv = ['audit', '--hosts', file, '--output', 'json', ...more];
  const { code, stdout, stderr } = await evenkeel(nodes, argv, node);
  if (stdout === '') throw new Error(`no report, exit code ${code}: ${stderr}`);
  const document = documentSchema.parse(JSON.parse(stdout));
  return { exitCode: code, document, tookMs: Math.round(performance.now() - startedAt) };
}
