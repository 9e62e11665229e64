import { TestDirectory } from '../../testing/directory.ts';
import type { Connection } from '../connection.ts';
import { KubeconfigProblem } from '../kubeconfig/problem.ts';
import { type ConnectionOptions, loadConnection } from '../kubeconfig.ts';

/** A directory that is home and root at once, for one test. */
export class TestHome extends TestDirectory {
  constructor() {
    super('home');
  }

  load(options: ConnectionOptions = {}): Promise<Connection> {
    const { directory } = this;
    return loadConnection({ env: {}, home: directory, root: directory, ...options });
  }

  /** The problem that loading ends in; anything else fails the test. */
  async problem(options: ConnectionOptions = {}): Promise<KubeconfigProblem> {
    return problemOf(this.load(options));
  }
}

export async function problemOf(promise: Promise<unknown>): Promise<KubeconfigProblem> {
  const outcome = await promise.then(
    (value) => new Error(`no problem: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof KubeconfigProblem) return outcome;
  throw outcome;
}

/** A kubeconfig of one context; the fields are YAML flow mappings. */
export function kubeconfigOf(
  fields: { name?: string; cluster?: string; user?: string; context?: string } = {},
): string {
  const { name = 'home', cluster = '{server: "https://127.0.0.1:6443"}' } = fields;
  return [
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${name}`,
    'contexts:',
    `- name: ${name}`,
    `  context: ${fields.context ?? `{cluster: ${name}, user: ${name}, namespace: default}`}`,
    'clusters:',
    `- name: ${name}`,
    `  cluster: ${cluster}`,
    'users:',
    `- name: ${name}`,
    `  user: ${fields.user ?? '{}'}`,
    '',
  ].join('\n');
}
