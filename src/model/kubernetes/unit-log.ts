import type { Unit } from '../objects/host/system.ts';

/** Why k3s went down, by what it wrote last. */
export type ExitCause =
  | 'kmsg'
  | 'node-ip'
  | 'password'
  | 'cgroup'
  | 'config'
  | 'certificate'
  | 'port-in-use'
  | 'disk-full'
  | 'read-only'
  | 'killed'
  | 'server-unreachable'
  | 'unknown';

const kinds: readonly (readonly [ExitCause, RegExp])[] = [
  ['kmsg', /\/dev\/kmsg/],
  [
    'node-ip',
    /failed to validate \w*nodeIP|node[- ]ip\b.*(not found|invalid|unable)|unable to find interface|failed to find (the )?interface/i,
  ],
  [
    'password',
    /node password (rejected|verification|validation)|unable to verify (password|hash)/i,
  ],
  // That version 1 is deprecated is written at every start.
  ['cgroup', /not run on a host using cgroup v1|failed to find (\w+ )?cgroup/i],
  // inotify has no room for another watch: the disk has.
  ['disk-full', /^(?!.*inotify).*no space left on device|database or disk is full/i],
  ['read-only', /read-only file ?system/i],
  ['port-in-use', /address already in use/i],
  ['certificate', /x509: |certificate has expired|not yet valid/i],
  [
    'config',
    // A server that is well writes `Wrote kubeconfig …/k3s.yaml` and `…-config-file=….yaml`.
    /(fail(ed|ure)?|error|cannot|unable|invalid)\b.*\bconfig(uration)?\b.*(yaml|invalid|unmarshal|pars)|yaml: (line|unmarshal)|flag provided but not defined|unknown flag|invalid (value|argument) .* for /i,
  ],
];

const fromSystemd =
  /Main process exited|Failed with result|Scheduled restart job|^(Starting|Stopped|Stopping|Started) /;

/** Written at every start, while its own parts do not listen yet: it counts only if nothing else does. */
const unreachable =
  /(server is not ready|failed to (get CA certs|retrieve configuration|validate connection)|Failed to connect to proxy|dial tcp).*(refused|timeout|no route|unreachable|deadline|EOF|reset)|TLS handshake timeout/i;

/** The newest line that tells, and what it tells; `lastLine` is the newest of k3s's own if none does. */
export function exitCause({ log, exitSignal }: Pick<Unit, 'log' | 'exitSignal'>): {
  readonly why: ExitCause;
  readonly lastLine: string;
} {
  const own = log.map(({ text }) => text).filter((text) => !fromSystemd.test(text));
  for (const line of own.toReversed()) {
    const kind = kinds.find(([, pattern]) => pattern.test(line));
    if (kind) return { why: kind[0], lastLine: line };
  }
  const waits = own.findLast((line) => unreachable.test(line));
  const lastLine = own.at(-1) ?? log.at(-1)?.text ?? '';
  if (exitSignal === 'KILL' || wasKilled(log)) return { why: 'killed', lastLine };
  if (waits !== undefined) return { why: 'server-unreachable', lastLine: waits };
  return { why: 'unknown', lastLine };
}

/** Of one that runs again, only systemd's own line says how it ended before. */
function wasKilled(log: Unit['log']): boolean {
  const exit = log.findLast(({ text }) => text.includes('Main process exited'));
  return exit !== undefined && /code=(killed|dumped), status=9/.test(exit.text);
}
