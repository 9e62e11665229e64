import * as z from 'zod';
import { hour } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import { linkWeak } from '../../model/link-effects.ts';
import {
  bootedWithin,
  type LinkSubject,
  occurrences,
  ofClass,
  recordsOf,
  unseenLinks,
  uplinkSubjects,
} from '../../model/links.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { interfaceNamed } from '../../model/uplink.ts';

export const check = defineCheck({
  code: 'EK0002',
  id: 'link/usb-nic-flapping',
  title: 'Network adapter flapping',
  layer: 'link',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    ...linkWeak,
    { effect: 'link/errors-rising', tie: 'same-subject', strength: 0.4, within: hour },
    { effect: 'link/retransmits-high', tie: 'same-subject', strength: 0.5, within: hour },
  ],
  options: z.object({
    windowMs: z.number().default(hour).describe('over how long changes are counted'),
    disconnects: z
      .number()
      .default(2)
      .describe('so many disconnects from USB within that time are too many'),
    carrierChanges: z
      .number()
      .default(4)
      .describe(
        'so many changes of the carrier within that time are too many; down and up are two',
      ),
  }),
  subjects: ({ hosts, topology }) => uplinkSubjects(hosts, topology, { usb: true }),
  judge(subject, { now }, options) {
    const { host } = subject;
    if (subject.kind === 'Host' || host.interfaces.state !== 'known') return unseenLinks(host);
    if (bootedWithin(host, now, options.windowMs)) return undefined;
    const since = now - options.windowMs;
    const records = recordsOf(host, subject.metadata.name);
    const unplugged = ofClass(records, 'usb-disconnect');
    const fallen = ofClass(records, 'link-down');
    const disconnects = occurrences(unplugged, since);
    const counted = countedChanges(subject, now, options.windowMs);
    // Each fall of the link is followed by its return.
    const logged = 2 * occurrences(fallen, since);
    const changes = Math.max(counted ?? 0, logged);
    if (disconnects < options.disconnects && changes < options.carrierChanges) {
      return isSure(subject, since, options.carrierChanges, counted) ? undefined : needsTime();
    }
    const [first] = [...unplugged, ...fallen]
      .filter(({ at }) => at >= since)
      .toSorted((a, b) => a.at - b.at);
    const { name } = subject.metadata;
    return {
      verdict: 'fail',
      severity: 'high',
      onset: first ? { from: first.at, to: first.at } : { from: host.earlier?.at ?? null, to: now },
      facts: { name, host: host.metadata.name, disconnects, changes, forMs: options.windowMs },
      evidence: [
        {
          object: linkRef(host.metadata.name, name),
          field: first ? `kernel.records[${first.class}]` : 'interfaces[].carrierChanges',
          value: first?.text ?? changes,
          at: first?.at ?? now,
        },
      ],
    };
  },
});

/** Between two looks at the same interface, or in the window's share of that time. */
function countedChanges(
  { host, metadata: { name } }: LinkSubject,
  now: number,
  windowMs: number,
): number | undefined {
  const { earlier } = host;
  const then = earlier?.interfaces.find((each) => each.name === name);
  const device = interfaceNamed(host, name);
  // Plugged in anew, it counts from nothing again.
  if (!earlier || !then || then.index !== device?.index) return undefined;
  const { carrierChanges: before } = then;
  const { carrierChanges: after } = device;
  if (typeof before !== 'number' || typeof after !== 'number') return undefined;
  const took = now - earlier.at;
  return took <= windowMs ? after - before : ((after - before) * windowMs) / took;
}

/** One look is enough where there were too few changes since the interface came to be. */
function isSure(
  { host, metadata: { name } }: LinkSubject,
  since: number,
  tooMany: number,
  counted: number | undefined,
): boolean {
  if (counted !== undefined) return true;
  const device = interfaceNamed(host, name);
  // What is gone is link/usb-nic-disconnected's; its comings and goings are in the log.
  const few = !device || (device.carrierChanges ?? tooMany) < tooMany;
  if (!few) return false;
  if (device?.bus !== 'usb') return true;
  const { kernel } = host;
  return kernel.state === 'known' && (kernel.value.sinceAt ?? since) <= since;
}

function needsTime(): ReturnType<typeof unseen> {
  return unseen({
    reason: 'needs-agent',
    detail: 'one look does not tell when its carrier changed (--interval 1m)',
  });
}
