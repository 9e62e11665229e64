import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import { unseenLinks, usbSubjects } from '../../model/links.ts';

/** Names by order of arrival: the next one that is plugged in may take it. */
const byArrival = /^(?:eth|usb)\d+$/;

/** `name_assign_type`: a name that user space chose (3) or gave later (4) follows some rule. */
const chosen: readonly (number | null | undefined)[] = [3, 4];

export const check = defineCheck({
  code: 'EK0011',
  id: 'link/unstable-name',
  title: 'Adapter named by order of arrival',
  layer: 'link',
  kind: 'posture',
  severity: 'low',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    { effect: 'link/interface-renamed', tie: 'same-subject', strength: 0.5, within: Infinity },
  ],
  options: z.object({}),
  subjects: ({ hosts }) =>
    usbSubjects(hosts).filter((each) => each.kind === 'Host' || each.adapter.interface),
  judge(subject, { now }) {
    const { host } = subject;
    if (subject.kind === 'Host') return unseenLinks(host);
    const { interface: device, name, path } = subject.adapter;
    if (!byArrival.test(name) || chosen.includes(device?.nameAssignType)) return undefined;
    return {
      verdict: 'fail',
      severity: 'low',
      onset: { from: null, to: now },
      facts: { name, host: host.metadata.name, usb: path, mac: device?.mac ?? '' },
      evidence: [
        {
          object: linkRef(host.metadata.name, name),
          field: 'interfaces[].name',
          value: name,
          at: now,
        },
      ],
    };
  },
});
