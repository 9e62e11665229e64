import { KubeFailure } from '../access/kube/failure.ts';
import { KubeconfigProblem } from '../access/kube/kubeconfig/problem.ts';
import { safeText } from '../lib/terminal-text.ts';
import { BundleProblem } from '../observe/sources/bundle.ts';
import { exitCodes, Problem } from './spec.ts';

interface Explained {
  readonly text: string;
  readonly exitCode: number;
}

/** What a person is told when a command ends in an error: what, why, and what to do next. */
export function explainFailure(error: unknown, interrupted: boolean): Explained {
  if (interrupted) {
    return { text: 'Interrupted. Nothing was changed.\n', exitCode: exitCodes.interrupted };
  }
  if (error instanceof Problem) return say(error.message, error.next, error.exitCode);
  if (error instanceof KubeconfigProblem || error instanceof BundleProblem) {
    return say(error.message, error.next, exitCodes.usage);
  }
  if (error instanceof KubeFailure) {
    return say(`${error.message}. ${error.why}`, error.next, exitCodes.notObserved);
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    text: `evenkeel failed, and it is evenkeel's fault:\n${safeLines(detail)}\n`,
    exitCode: 70,
  };
}

function say(message: string, next: string, exitCode: number): Explained {
  const hint = next === '' ? '' : `\n  next: ${safeLines(next)}`;
  return { text: `error: ${safeLines(message)}${hint}\n`, exitCode };
}

/** Foreign text that may have several lines. */
export function safeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => safeText(line))
    .join('\n');
}
