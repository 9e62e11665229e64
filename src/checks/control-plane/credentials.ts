import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { day } from '../../lib/time.ts';
import { clusterRef, clusterSubject, defineCheck, type Verdict } from '../../model/check.ts';
import type { Access } from '../../model/objects/cluster.ts';

/** Outcomes that say something about who we are; a server that never answered judged nobody. */
const refusals: { readonly [outcome in Access['outcome']]?: string } = {
  unauthorized: 'unauthorized',
  'client-certificate': 'client-certificate',
  'certificate-untrusted': 'certificate-untrusted',
  'certificate-expired': 'certificate-expired',
};

export const check = defineCheck({
  code: 'EK3005',
  id: 'control-plane/credentials',
  title: 'Credentials refused or ending',
  layer: 'control-plane',
  kind: 'event',
  severity: 'critical',
  maturity: 'stable',
  reads: ['access'],
  wants: [],
  explains: [],
  options: z.object({
    soonMs: z
      .number()
      .default(30 * day)
      .describe('a client certificate that ends sooner is reported'),
    urgentMs: z
      .number()
      .default(7 * day)
      .describe('a client certificate that ends sooner is of high severity'),
  }),
  subjects: ({ access }) =>
    access.outcome === 'ok' || refusals[access.outcome] ? [clusterSubject('credentials')] : [],
  judge(_subject, { access, now }, { soonMs, urgentMs }) {
    const endsAt = access.clientCertificateNotAfter ?? Infinity;
    // Its server's own certificate is judged before ours is shown.
    const ofServer = access.outcome.startsWith('certificate-');
    if (endsAt <= now && !ofServer) {
      const onset = { from: endsAt, to: endsAt };
      return failed('client-certificate-expired', 'critical', onset, access, now);
    }
    const why = refusals[access.outcome];
    if (why) return failed(why, 'critical', { from: null, to: now }, access, now);
    const leftMs = endsAt - now;
    if (leftMs >= soonMs) return undefined;
    const onset = { from: endsAt - soonMs, to: endsAt - soonMs };
    const severity = leftMs < urgentMs ? 'high' : 'medium';
    return failed('client-certificate-expiring', severity, onset, access, now);
  },
});

function failed(
  why: string,
  severity: 'critical' | 'high' | 'medium',
  onset: { readonly from: Millis | null; readonly to: Millis },
  access: Access,
  now: Millis,
): Verdict {
  const { server, user, outcome, detail, clientCertificateNotAfter: endsAt } = access;
  const facts = {
    name: 'credentials',
    why,
    server,
    user: user ?? '',
    detail: detail ?? '',
    ...(endsAt ? { endsAt, leftMs: Math.max(0, endsAt - now) } : {}),
  };
  const ours = why.startsWith('client-certificate-') && endsAt;
  const evidence = ours
    ? { object: clusterRef, field: 'clientCertificateNotAfter', value: endsAt, at: endsAt }
    : { object: clusterRef, field: 'outcome', value: outcome, at: now };
  return { verdict: 'fail', severity, onset, facts, evidence: [evidence] };
}
