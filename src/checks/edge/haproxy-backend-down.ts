import * as z from 'zod';
import { minute, second } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import type { HaproxyRow } from '../../model/haproxy.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

interface Server {
  readonly kind: 'HAProxyServer';
  /** The host is the namespace. */
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly host: Host;
  readonly row: HaproxyRow;
}

/** A machine that HAProxy is said to run on, and that would not tell. */
interface DarkProxy {
  readonly kind: 'Host';
  readonly metadata: { readonly name: string };
  readonly host: Host;
}

/** `UP 1/3`: up, and failing; `DOWN 1/2`: down, and answering again. */
const counting = /^(?:UP|DOWN|NOLB) \d+\/\d+$/;

/** As an operator, or an agent of one, has put it. */
const byHand = /^(?:MAINT|DRAIN)/;

/** What a check says that got no word back from the other side. */
const connectionResults: readonly string[] = ['L4CON', 'L4TOUT', 'L6TOUT', 'L7TOUT', 'SOCKERR'];

export const check = defineCheck({
  code: 'EK8001',
  id: 'edge/haproxy-backend-down',
  title: 'HAProxy has no way to a backend',
  layer: 'edge',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    {
      effect: 'edge/haproxy-backend-down',
      tie: 'haproxy-backend',
      strength: 0.9,
      within: minute,
      when: { whole: false },
      signature: { whole: true },
    },
  ],
  options: z.object({
    // The count is since HAProxy started, months ago perhaps: only one that is up since just now
    // may be on its way down again.
    flapMs: z
      .number()
      .default(30 * second)
      .describe('how lately a server that is up must have been down to be called flapping'),
    flaps: z
      .number()
      .default(3)
      .describe('how often it must have gone down since HAProxy started to be called flapping'),
  }),
  subjects: ({ hosts }) =>
    hosts.flatMap((host): (Server | DarkProxy)[] => {
      if (host.haproxy.state === 'absent') return [];
      if (host.haproxy.state === 'known')
        return host.haproxy.value.map((row) => serverOf(host, row));
      // Of a host that does not answer nobody knows whether HAProxy runs there.
      if (host.reach.state === 'silent') return [];
      return [{ kind: 'Host', metadata: { name: host.metadata.name }, host }];
    }),
  judge(subject, { now }, options) {
    if (subject.kind === 'Host') {
      const { haproxy } = subject.host;
      return haproxy.state === 'unknown' ? unseen(haproxy) : undefined;
    }
    const { row } = subject;
    const state = stateOf(row, options);
    if (!state || isEmptiedByHand(subject)) return undefined;
    const whole = row.server === 'BACKEND';
    const changed = row.lastChangeSeconds;
    const since = typeof changed === 'number' ? now - changed * second : null;
    const check = row.checkStatus ?? '';
    return {
      verdict: 'fail',
      severity: whole ? 'critical' : state === 'failing' ? 'medium' : 'high',
      onset: onsetOf(since, state, now),
      facts: {
        name: subject.metadata.name,
        host: subject.metadata.namespace,
        backend: row.backend,
        server: row.server,
        whole,
        state,
        status: row.status,
        check,
        result: resultOf(check),
        checkSaid: row.lastCheck ?? '',
        checkCode: row.checkCode ?? '',
        address: row.address ?? '',
        downs: row.downs ?? 0,
        forMs: since === null ? 0 : now - since,
      },
      evidence: [
        { object: refOf(subject), field: 'haproxy[].status', value: row.status, at: since ?? now },
      ],
    };
  },
});

function serverOf(host: Host, row: HaproxyRow): Server {
  const metadata = { namespace: host.metadata.name, name: `${row.backend}/${row.server}` };
  return { kind: 'HAProxyServer', metadata, host, row };
}

function resultOf(check: string): 'no-connection' | 'passed' | 'refused' | 'none' {
  if (connectionResults.includes(check)) return 'no-connection';
  if (check === '') return 'none';
  return check.endsWith('OK') ? 'passed' : 'refused';
}

/** All of its servers were taken out on purpose, and so was it. */
function isEmptiedByHand({ host, row }: Server): boolean {
  if (row.server !== 'BACKEND' || host.haproxy.state !== 'known') return false;
  const servers = host.haproxy.value.filter(
    (each) => each.backend === row.backend && each.server !== 'BACKEND',
  );
  return servers.length > 0 && servers.every((each) => byHand.test(each.status));
}

/** Undefined: well, or taken out by hand. */
function stateOf(
  { checkStatus, downs, lastChangeSeconds, status }: HaproxyRow,
  { flapMs, flaps }: { readonly flapMs: number; readonly flaps: number },
): 'down' | 'flapping' | 'failing' | undefined {
  // Nobody asks a server that has no check.
  if (byHand.test(status) || status === 'no check') return undefined;
  // One that is down may have been well for months before.
  if (/^(?:DOWN|NOLB)/.test(status)) return 'down';
  const lately = typeof lastChangeSeconds === 'number' && lastChangeSeconds * second < flapMs;
  const often = (downs ?? 0) >= flaps;
  if (lately && often) return 'flapping';
  if (counting.test(status)) return 'failing';
  return connectionResults.includes(checkStatus ?? '') ? 'failing' : undefined;
}

/**
 * A check fails some times before the server is taken down. One that is up and failing was well when it
 * came up; a flapping one was down until then, since nobody knows when.
 */
function onsetOf(
  since: number | null,
  state: 'down' | 'flapping' | 'failing',
  now: number,
): { from: number | null; to: number } {
  if (since === null) return { from: null, to: now };
  switch (state) {
    case 'down':
      return { from: since - minute, to: since };
    case 'failing':
      return { from: since, to: now };
    case 'flapping':
      return { from: null, to: since };
  }
}
