import * as z from 'zod';
import { clusterRef, clusterSubject, defineCheck } from '../../model/check.ts';
import type { Access } from '../../model/objects/cluster.ts';

/** Outcomes after which nobody can say that the API server is at work. */
const silences: ReadonlySet<Access['outcome']> = new Set<Access['outcome']>([
  'refused',
  'timed-out',
  'reset',
  'unreachable',
  'unknown-host',
  'server-error',
  'malformed',
]);

export const check = defineCheck({
  code: 'EK3006',
  id: 'control-plane/api-unreachable',
  title: 'API server out of reach',
  layer: 'control-plane',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['access'],
  wants: ['hosts'],
  explains: [
    // Agents that reach it no more than we do: it, or whatever lies before it, is one cause for all.
    {
      effect: 'host/api-path-cut',
      tie: 'cluster',
      strength: 0.8,
      within: Infinity,
      signature: { kubelet: 'unknown' },
    },
  ],
  unseen: {
    candidates: [
      {
        name: 'k3s on the server',
        tie: 'host-api',
        shownBy: ['host/unit-failed', 'host/unit-stopped'],
      },
      {
        name: "the server's host",
        tie: 'host-api',
        shownBy: ['host/host-unreachable', 'host/container-stopped', 'host/container-frozen'],
      },
      'an API server that hangs',
      'the way to it',
    ],
    decide: 'kubectl get --raw /readyz -v=6',
  },
  options: z.object({}),
  subjects: () => [clusterSubject('kube-apiserver')],
  judge(_subject, { access, hosts, now }) {
    if (access.outcome === 'ok' || access.outcome === 'forbidden') return undefined;
    if (!silences.has(access.outcome)) {
      const detail = 'somebody is there and does not let us in: it may be the API server or not';
      return { verdict: 'unknown', reason: 'unauthorized', detail };
    }
    // With no eyes but our own way in, that it is shut says nothing of what lies behind it.
    if (hosts.state !== 'known' || hosts.value.length === 0) {
      const alone = 'it does not answer, and no machine was looked at: it may be our way there';
      return { verdict: 'unknown', reason: 'unreachable', detail: alone };
    }
    const answered = hosts.value.filter(({ reach }) => reach.state === 'answered');
    const { server, outcome, detail } = access;
    if (answered.length === 0) {
      const alone = 'nobody answers: neither the API server nor a host, so it may be this machine';
      return { verdict: 'unknown', reason: 'unreachable', detail: alone };
    }
    return {
      verdict: 'fail',
      severity: 'critical',
      onset: { from: null, to: now },
      facts: {
        name: 'kube-apiserver',
        server,
        outcome,
        detail: detail ?? '',
        answering: answered.map(({ metadata }) => metadata.name),
      },
      evidence: [{ object: clusterRef, field: 'outcome', value: outcome, at: now }],
    };
  },
});
