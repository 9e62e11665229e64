/** From worst to least. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** 0 is the worst. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severityRank(severity) <= severityRank(threshold);
}

/** From the wire up to the web page: causes tend to lie above in this list, effects below. */
export const layers = [
  'link',
  'host',
  'node',
  'control-plane',
  'network',
  'storage',
  'gitops',
  'workload',
  'edge',
  'security',
  'backup',
  'gpu',
  'observability',
  'resilience',
] as const;
export type Layer = (typeof layers)[number];
