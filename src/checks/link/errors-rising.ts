import * as z from 'zod';
import { hour, second } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import { type LinkSubject, unseenLinks, uplinkSubjects } from '../../model/links.ts';
import { unseen } from '../../model/objects/host/look.ts';
import type { Interface } from '../../model/objects/host/net.ts';
import { interfaceNamed } from '../../model/uplink.ts';

type Statistics = Interface['statistics'];

export const check = defineCheck({
  code: 'EK0006',
  id: 'link/errors-rising',
  title: 'Errors rising on a link',
  layer: 'link',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [{ effect: 'link/retransmits-high', tie: 'same-subject', strength: 0.6, within: hour }],
  options: z.object({
    errorsPerSecond: z
      .number()
      .default(1)
      .describe('errors, missed and send drops a second that are nothing yet'),
    dropsPerSecond: z
      .number()
      .default(20)
      .describe(
        'received packets dropped a second that are nothing yet: most are of protocols that nobody here speaks',
      ),
    timesHistory: z
      .number()
      .default(3)
      .describe('how many times its own average since boot a rate must be'),
    errorPercent: z
      .number()
      .default(1)
      .describe('from this share of all packets on, errors are a high risk'),
  }),
  subjects: ({ hosts, topology }) => uplinkSubjects(hosts, topology, { usb: true }),
  judge(subject, { now }, options) {
    const { host } = subject;
    if (subject.kind === 'Host' || host.interfaces.state !== 'known') return unseenLinks(host);
    const { name } = subject.metadata;
    const device = interfaceNamed(host, name);
    // Never an error since it came to be: nothing can be rising.
    if (!device || errorsOf(device.statistics) + device.statistics.rxDropped === 0)
      return undefined;
    const slope = slopeOf(subject, device, now);
    if (!slope) return needsTime(oneLook);
    const { errors, drops, overMs } = slope;
    const tooMany = (rate: number, floor: number, history: number): boolean =>
      rate > floor && rate > history * options.timesHistory;
    const rising =
      tooMany(errors, options.errorsPerSecond, slope.errorsBefore) ||
      tooMany(drops, options.dropsPerSecond, slope.dropsBefore);
    if (!rising) return undefined;
    // A burst as the link comes up is ordinary; whether it goes on takes another look.
    if (slope.cameUp) return needsTime(justUp);
    return {
      verdict: 'fail',
      severity: slope.percent >= options.errorPercent ? 'high' : 'medium',
      onset: { from: host.earlier?.at ?? null, to: now },
      facts: {
        name,
        host: host.metadata.name,
        errorsPerSecond: rounded(errors),
        dropsPerSecond: rounded(drops),
        errorPercent: rounded(slope.percent),
        overMs,
      },
      evidence: [
        {
          object: linkRef(host.metadata.name, name),
          field: 'interfaces[].statistics',
          value: rounded(errors + drops),
          at: now,
        },
      ],
    };
  },
});

interface Slope {
  /** A second, between the two looks. */
  readonly errors: number;
  readonly drops: number;
  /** A second, from boot to the first look. */
  readonly errorsBefore: number;
  readonly dropsBefore: number;
  /** Errors of all packets between the looks. */
  readonly percent: number;
  readonly cameUp: boolean;
  readonly overMs: number;
}

function slopeOf(
  { host, metadata: { name } }: LinkSubject,
  device: Interface,
  now: number,
): Slope | undefined {
  const { earlier, system } = host;
  const then = earlier?.interfaces.find((each) => each.name === name);
  if (!earlier || !then || then.index !== device.index || now <= earlier.at) return undefined;
  const [a, b] = [then.statistics, device.statistics];
  const seconds = (now - earlier.at) / second;
  const bootedAt = system.state === 'known' ? system.value.bootedAt : undefined;
  const before = bootedAt === undefined ? Infinity : Math.max(1, (earlier.at - bootedAt) / second);
  const errors = errorsOf(b) - errorsOf(a);
  const packets = b.rxPackets + b.txPackets - a.rxPackets - a.txPackets;
  return {
    errors: errors / seconds,
    drops: (b.rxDropped - a.rxDropped) / seconds,
    errorsBefore: errorsOf(a) / before,
    dropsBefore: a.rxDropped / before,
    percent: (100 * errors) / Math.max(1, packets + errors),
    cameUp: then.carrierChanges !== device.carrierChanges,
    overMs: now - earlier.at,
  };
}

function errorsOf({ rxErrors, rxMissed, txDropped, txErrors }: Statistics): number {
  return rxErrors + rxMissed + txErrors + txDropped;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

const oneLook = 'one look does not tell how fast its errors rise (--interval 1m)';
const justUp = 'its carrier changed between the looks: whether errors go on, only later ones tell';

function needsTime(detail: string): ReturnType<typeof unseen> {
  return unseen({ reason: 'needs-agent', detail });
}
