import * as z from 'zod';
import { hour, minute } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import { linkWeak } from '../../model/link-effects.ts';
import { occurrences, ofClass, recordsOf, unseenLinks, uplinkSubjects } from '../../model/links.ts';
import { unseen } from '../../model/objects/host/look.ts';

export const check = defineCheck({
  code: 'EK0007',
  id: 'link/tx-timeout',
  title: 'Adapter stopped sending',
  layer: 'link',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    ...linkWeak,
    { effect: 'link/link-down', tie: 'same-subject', strength: 0.3, within: 10 * minute },
    { effect: 'link/usb-nic-flapping', tie: 'same-subject', strength: 0.3, within: hour },
    { effect: 'link/usb-nic-disconnected', tie: 'same-subject', strength: 0.3, within: hour },
    { effect: 'link/retransmits-high', tie: 'same-subject', strength: 0.4, within: hour },
  ],
  options: z.object({
    recentMs: z
      .number()
      .default(15 * minute)
      .describe(
        'how long after the last time it is taken as going on: a driver restarts its adapter',
      ),
    pastMs: z.number().default(hour).describe('how long one that is over stays a candidate cause'),
  }),
  subjects: ({ hosts, topology }) =>
    // What is virtual has no queue in hardware that could hang.
    uplinkSubjects(hosts, topology, { usb: true }).filter(
      ({ host, kind, metadata: { name } }) =>
        kind === 'Host' ||
        host.interfaces.state !== 'known' ||
        host.interfaces.value.find((each) => each.name === name)?.bus !== 'virtual',
    ),
  judge(subject, { now }, { pastMs, recentMs }) {
    const { host } = subject;
    if (subject.kind === 'Host' || host.interfaces.state !== 'known') return unseenLinks(host);
    if (host.kernel.state === 'unknown') return unseen(host.kernel);
    const { name } = subject.metadata;
    const records = ofClass(
      recordsOf(host, name),
      'watchdog',
      'transmit-timeout',
      'transmit-hang',
    ).filter(({ at }) => now - at <= pastMs);
    const [first] = records;
    const last = records.at(-1);
    if (!first || !last) return undefined;
    const facts = {
      name,
      host: host.metadata.name,
      driver: last.driver ?? '',
      times: occurrences(records, first.at),
      lastAt: last.at,
    };
    const object = linkRef(host.metadata.name, name);
    const evidence = [
      { object, field: `kernel.records[${last.class}]`, value: last.text, at: last.at },
    ];
    const onset = { from: first.at, to: first.at };
    if (now - last.at > recentMs) {
      return { verdict: 'past', onset, endedAt: last.at, facts, evidence };
    }
    return { verdict: 'fail', severity: 'high', onset, facts, evidence };
  },
});
