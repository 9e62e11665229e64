import { dirname, resolve } from 'node:path';
import type { Clock } from '../../../lib/clock.ts';
import { redact } from '../../../lib/redact.ts';
import type { Run, RunResult } from '../../host/run.ts';
import { plainText } from '../../plain-text.ts';
import type { Cluster } from './cluster.ts';
import { type Entry, isMapping } from './entry.ts';
import { type ExecCredential, readExecCredential } from './exec-credential.ts';
import { type KubeconfigProblem, shellWord } from './problem.ts';

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
/** A plugin may talk to a cloud; it may not ask a person. */
const timeoutMs = 60_000;
const maxOutputBytes = 1024 * 1024;
const hintLimit = 500;
const stderrLimit = 300;

export interface ExecContext {
  run: Run;
  clock: Clock;
  env: NodeJS.ProcessEnv;
  cluster: Cluster;
}

/** Gets credentials from the program that `exec` names, and keeps them until they expire. */
export class ExecPlugin {
  readonly #entry: Entry;
  readonly #context: ExecContext;
  readonly #apiVersion: string;
  readonly #argv: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  #cached: ExecCredential | undefined;
  #pending: Promise<ExecCredential> | undefined;

  /** Throws a `KubeconfigProblem` when the entry cannot be run; runs nothing yet. */
  constructor(entry: Entry, context: ExecContext) {
    this.#entry = entry;
    this.#context = context;
    this.#apiVersion = apiVersionOf(entry);
    this.#argv = argvOf(entry);
    refuseQuestions(entry);
    this.#env = {
      ...context.env,
      ...envOf(entry),
      KUBERNETES_EXEC_INFO: execInfo(entry, this.#apiVersion, context.cluster),
    };
  }

  /**
   * The credential of this hour; callers at the same time share one run.
   * Rejects with a `KubeconfigProblem`.
   */
  async credential(): Promise<ExecCredential> {
    const { expiresAt } = this.#cached ?? {};
    if (expiresAt !== undefined && expiresAt <= this.#context.clock.now()) this.forget();
    if (this.#cached !== undefined) return this.#cached;
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  forget(): void {
    this.#cached = undefined;
  }

  async #ask(): Promise<ExecCredential> {
    const options = { env: this.#env, timeoutMs, maxOutputBytes };
    const result = await this.#context.run(this.#argv, options);
    if (result.kind !== 'exited' || result.code !== 0) throw this.#failed(result);
    const credential = readExecCredential(result.stdout, this.#apiVersion);
    if ('fault' in credential) throw this.#problem(credential.fault);
    this.#cached = credential;
    return credential;
  }

  #failed(result: RunResult): KubeconfigProblem {
    if (result.kind === 'not-found') {
      const hint = plainText(this.#entry.text('installHint') ?? '', hintLimit);
      const next =
        hint === '' ? `Install it, then see that 'command -v ${this.#word}' finds it.` : hint;
      return this.#problem('is not installed, or not on the PATH', next);
    }
    return this.#problem(endings(result));
  }

  get #word(): string {
    return shellWord(plainText(this.#argv[0] ?? '', 200));
  }

  #problem(fault: string, next?: string): KubeconfigProblem {
    // Its arguments are not repeated: some plugins take secrets there.
    const help =
      next ?? `Run it by hand: 'kubectl get --raw /version' starts the same ${this.#word}.`;
    const program = plainText(this.#argv[0] ?? '', 200);
    return this.#entry.problem('command', `the credential plugin '${program}' ${fault}`, help);
  }
}

function endings(result: RunResult): string {
  switch (result.kind) {
    case 'exited':
      return `ended with code ${result.code}${complaint(result.stderr)}`;
    case 'signalled':
      return `was ended by ${result.signal}${complaint(result.stderr)}`;
    case 'timed-out':
      return `did not end within ${timeoutMs / 1000} seconds${complaint(result.stderr)}`;
    case 'output-too-large':
      return 'printed far more than a credential';
    case 'not-started':
      return `cannot be started (${result.code})`;
    case 'not-found':
      return 'is not installed';
    case 'cancelled':
      return 'was stopped';
  }
}

/** The end of what it told the person, without anything that looks like a token. */
function complaint(stderr: string): string {
  const opaque = /[\w\-+/=.~]{32,}/g;
  // Redacted before it is cut: half a token is not recognised as one.
  const shown = redact(stderr.slice(-4096)).replace(opaque, '[redacted]').trim();
  const said = plainText(shown.slice(-stderrLimit), stderrLimit);
  return said === '' ? '' : ` and said: ${said}`;
}

function apiVersionOf(entry: Entry): string {
  const version = entry.text('apiVersion') ?? '';
  if (versions.includes(version)) return version;
  const what = `'${plainText(version, 80)}' is not supported; expected ${versions.join(' or ')}`;
  throw entry.problem('apiVersion', what, 'Update the plugin, then let it write its entry again.');
}

function argvOf(entry: Entry): string[] {
  const command = entry.text('command');
  if (command === undefined) throw entry.problem('command', 'is missing');
  // As client-go: a bare name is looked up on the PATH, a relative path starts at the kubeconfig.
  const program = command.includes('/') ? resolve(dirname(entry.file), command) : command;
  return [program, ...entry.list('args').map((arg) => wordOf(entry, 'args', arg))];
}

function envOf(entry: Entry): Record<string, string> {
  const env: Record<string, string> = {};
  for (const variable of entry.list('env')) {
    if (!isMapping(variable)) throw entry.problem('env', 'must be a list of name and value');
    const name = wordOf(entry, 'env', variable['name']);
    if (name === '' || name.includes('='))
      throw entry.problem('env', 'holds a name that cannot be');
    env[name] = wordOf(entry, 'env', variable['value'] ?? '');
  }
  return env;
}

function wordOf(entry: Entry, key: string, value: unknown): string {
  if (typeof value === 'string' && !value.includes('\0')) return value;
  throw entry.problem(key, 'holds something that is not text');
}

function refuseQuestions(entry: Entry): void {
  const mode = entry.text('interactiveMode') ?? 'IfAvailable';
  if (mode === 'Never' || mode === 'IfAvailable') return;
  if (mode !== 'Always') {
    throw entry.problem('interactiveMode', 'must be Never, IfAvailable or Always');
  }
  const what = 'the credential plugin wants to ask questions, and evenkeel gives it no terminal';
  const next = "Use a context with a token instead: 'kubectl create token NAME' makes one.";
  throw entry.problem('interactiveMode', what, next);
}

function execInfo(entry: Entry, apiVersion: string, cluster: Cluster): string {
  const wantsCluster = entry.flag('provideClusterInfo');
  const spec = { interactive: false, ...(wantsCluster && { cluster: clusterInfo(cluster) }) };
  return JSON.stringify({ apiVersion, kind: 'ExecCredential', spec });
}

function clusterInfo(cluster: Cluster): Record<string, unknown> {
  return {
    server: cluster.server,
    ...(cluster.tlsServerName !== undefined && { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecure && { 'insecure-skip-tls-verify': true }),
    ...(cluster.ca !== undefined && {
      'certificate-authority-data': Buffer.from(cluster.ca).toString('base64'),
    }),
    ...(cluster.execConfig !== undefined && { config: cluster.execConfig }),
  };
}
