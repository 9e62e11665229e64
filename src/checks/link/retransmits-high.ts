import * as z from 'zod';
import { hour } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import { linkWeak } from '../../model/link-effects.ts';
import { unseenLinks, uplinkSubjects } from '../../model/links.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';

type Tcp = Extract<Host['tcp'], { state: 'known' }>['value'];

interface Sent {
  readonly segments: number;
  readonly again: number;
}

export const check = defineCheck({
  code: 'EK0009',
  id: 'link/retransmits-high',
  title: 'Much is sent twice',
  layer: 'link',
  kind: 'event',
  severity: 'medium',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: linkWeak.map((each) => ({ ...each, strength: 0.2, within: hour })),
  options: z.object({
    percent: z.number().default(2).describe('share of TCP segments that may be sent again'),
    segments: z.number().default(1000).describe('of fewer segments no share is taken'),
  }),
  // Counted for all interfaces together, and told of the first one that carries the host.
  subjects({ hosts, topology }) {
    const seen = new Set<Host>();
    return uplinkSubjects(hosts, topology).filter(({ host }) => !seen.has(host) && seen.add(host));
  },
  judge(subject, { now }, options) {
    const { host } = subject;
    if (subject.kind === 'Host') return unseenLinks(host);
    if (host.tcp.state === 'unknown') return unseen(host.tcp);
    if (host.tcp.state === 'absent') return undefined;
    if (isTooLittle(host.tcp.value, options)) return undefined;
    const sent = sentLately(host);
    if (!sent) {
      return unseen({
        reason: 'needs-agent',
        detail: 'one look does not tell how much is sent again now (--interval 1m)',
      });
    }
    if (sent.segments < options.segments) return undefined;
    const percent = (100 * sent.again) / sent.segments;
    if (percent <= options.percent) return undefined;
    const { name } = subject.metadata;
    return {
      verdict: 'fail',
      severity: 'medium',
      onset: { from: host.earlier?.at ?? null, to: now },
      facts: {
        name,
        host: host.metadata.name,
        againPercent: Math.round(percent * 10) / 10,
        ...sent,
      },
      evidence: [
        {
          object: linkRef(host.metadata.name, name),
          field: 'tcp.retransmitted',
          value: sent.again,
          at: now,
        },
      ],
    };
  },
});

/** In so little no stretch can have had too many. */
function isTooLittle(
  { outSegments, retransmitted }: Tcp,
  { percent, segments }: { readonly percent: number; readonly segments: number },
): boolean {
  return outSegments < segments || retransmitted < (percent / 100) * segments;
}

function sentLately({ earlier, tcp }: Host): Sent | undefined {
  if (tcp.state !== 'known') return undefined;
  const { outSegments, retransmitted, span } = tcp.value;
  if (span === 'interval') return { segments: outSegments, again: retransmitted };
  const before = earlier?.tcp;
  if (before?.span !== 'boot') return undefined;
  return {
    segments: outSegments - before.outSegments,
    again: retransmitted - before.retransmitted,
  };
}
