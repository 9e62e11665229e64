import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { linkRef } from '../../model/hosts.ts';
import { unseenLinks, usbSubjects } from '../../model/links.ts';
import { unseen } from '../../model/objects/host/look.ts';

export const check = defineCheck({
  code: 'EK0010',
  id: 'link/autosuspend-on',
  title: 'Adapter may be put to sleep',
  layer: 'link',
  kind: 'posture',
  severity: 'medium',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    { effect: 'link/usb-nic-disconnected', tie: 'same-subject', strength: 0.3, within: Infinity },
    { effect: 'link/usb-nic-flapping', tie: 'same-subject', strength: 0.3, within: Infinity },
    { effect: 'link/usb-bus-trouble', tie: 'same-subject', strength: 0.3, within: Infinity },
  ],
  options: z.object({}),
  subjects: ({ hosts }) =>
    usbSubjects(hosts).filter((each) => each.kind === 'Host' || each.adapter.interface),
  judge(subject, { now }) {
    const { host } = subject;
    if (subject.kind === 'Host') return unseenLinks(host);
    if (host.usb.state === 'unknown') return unseen(host.usb);
    const { device, name, path } = subject.adapter;
    if (!device?.powerControl) {
      const detail = `whether ${path} may be put to sleep was not to be seen`;
      return unseen({ reason: 'no-answer', detail });
    }
    if (device.powerControl !== 'auto') return undefined;
    // Its driver holds it awake while the interface is up; how it was taken, it was.
    const heldAwake =
      device.runtimeStatus === 'active' &&
      (device.runtimeUsage ?? 0) > 0 &&
      (device.suspendedMs ?? 0) === 0;
    return {
      verdict: 'fail',
      severity: heldAwake ? 'low' : 'medium',
      onset: { from: null, to: now },
      facts: {
        name,
        host: host.metadata.name,
        usb: path,
        heldAwake,
        suspendedMs: device.suspendedMs ?? 0,
      },
      evidence: [
        {
          object: linkRef(host.metadata.name, name),
          field: 'usb[].powerControl',
          value: device.powerControl,
          at: now,
        },
      ],
    };
  },
});
