/** What `/version` answers, as in `v1.32.5+k3s1`; undefined when it is no Kubernetes that answers. */
export function gitVersionOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('gitVersion' in answer)) return undefined;
  return typeof answer.gitVersion === 'string' ? answer.gitVersion : undefined;
}
