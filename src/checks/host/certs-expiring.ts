import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { day, parseTime } from '../../lib/time.ts';
import { defineCheck, type View } from '../../model/check.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { carriesK3s, isUp } from '../../model/kubernetes/k3s-unit.ts';
import { type Machine, machines, sidesOf } from '../../model/machines.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import type { Node } from '../../model/objects/node.ts';
import type { Event } from '../../model/objects/pod.ts';
import { type Ref, refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

export const check = defineCheck({
  code: 'EK1010',
  id: 'host/certs-expiring',
  title: 'Certificates of k3s run out',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: [],
  wants: ['hosts', 'nodes', 'events'],
  // A host's own files, or what its k3s says of them to the API.
  either: ['hosts', 'nodes'],
  explains: [
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.8,
      within: Infinity,
      when: { why: 'expired' },
      signature: { why: ['certificate', 'server-unreachable', 'unknown'] },
    },
    {
      effect: 'host/kubelet-silent',
      tie: 'same-subject',
      strength: 0.9,
      within: Infinity,
      when: { why: 'expired' },
    },
    ...(['node/lease-stale', 'node/not-ready'] as const).map(
      (effect) =>
        ({
          effect,
          tie: 'node-itself',
          strength: 0.8,
          within: Infinity,
          when: { why: 'expired', seenBy: 'event' },
        }) as const,
    ),
    {
      effect: 'control-plane/credentials',
      tie: 'cluster',
      strength: 0.9,
      within: Infinity,
      when: { why: 'expired', role: 'server' },
      signature: { why: 'certificate-expired' },
    },
  ],
  options: z.object({
    soonMs: z
      .number()
      .default(30 * day)
      .describe('a certificate that ends sooner is reported'),
    urgentMs: z
      .number()
      .default(7 * day)
      .describe('a certificate that ends sooner is of high severity'),
  }),
  subjects: ({ hosts, nodes, topology }) =>
    machines(hosts, nodes, topology).filter((machine) =>
      machine.kind === 'Node'
        ? // That k3s has not complained within the last hour is no proof of anything.
          warningsAbout(machine, topology).length > 0
        : carriesK3s(machine, topology),
    ),
  judge(machine, view, { soonMs, urgentMs }) {
    const { now, topology } = view;
    const { host } = sidesOf(machine, topology);
    const found = [...onDisk(machine), ...inEvents(machine, view)];
    const [first] = found.toSorted((a, b) => a.notAfter - b.notAfter);
    if (!first) {
      if (host?.certificates.state !== 'unknown') return undefined;
      return unseen(host.certificates);
    }
    const leftMs = first.notAfter - now;
    if (leftMs >= soonMs) return undefined;
    const expired = leftMs <= 0;
    const at = expired ? first.notAfter : first.notAfter - soonMs;
    const up = host && isUp(host, now);
    return {
      verdict: 'fail',
      severity: expired ? 'critical' : leftMs < urgentMs ? 'high' : 'medium',
      onset: { from: at, to: at },
      facts: {
        name: machine.metadata.name,
        why: expired ? 'expired' : 'expiring',
        seenBy: first.seenBy,
        certificate: first.certificate,
        others: found.filter(({ notAfter }) => notAfter - now < soonMs).length - 1,
        endsAt: first.notAfter,
        leftMs: Math.max(0, leftMs),
        unitUp: up === undefined ? 'unknown' : up,
        role: host ? k3sRole(host, topology).role : 'unknown',
      },
      evidence: [
        { object: first.object, field: first.field, value: first.notAfter, at: first.notAfter },
      ],
    };
  },
});

interface Ending {
  readonly seenBy: 'host' | 'event';
  readonly certificate: string;
  readonly notAfter: Millis;
  readonly object: Ref;
  readonly field: string;
}

function onDisk(machine: Machine): readonly Ending[] {
  if (machine.kind === 'Node' || machine.certificates.state !== 'known') return [];
  return inUse(machine).map(({ path, notAfter }) => ({
    seenBy: 'host',
    certificate: path,
    notAfter,
    object: refOf(machine),
    field: `certificates[${path}].notAfter`,
  }));
}

type Certificates = Extract<Host['certificates'], { state: 'known' }>['value'];

/**
 * Less what an agent keeps of its days as a server, and what a server of an older release used: k3s
 * renews its own all together at a start, so one that had run out when others were made is nobody's.
 */
function inUse({ certificates, k3s }: Host): Certificates {
  if (certificates.state !== 'known') return [];
  const ofServer = certificates.value.filter(({ path }) => path.includes('/server/tls/'));
  const isAgent = k3s.state === 'known' && k3s.value.role === 'agent';
  const renewedAt = Math.max(...ofServer.map(({ notBefore }) => notBefore));
  const isLeft = ({ path, notAfter }: Certificates[number]): boolean =>
    isAgent || (notAfter < renewedAt && !/-ca(\.|-)/.test(path));
  return certificates.value.filter((each) => !(ofServer.includes(each) && isLeft(each)));
}

/** k3s looks at its own once a day: `kubelet-client/client.crt: certificate CN=x expired at <time>`. */
function inEvents(
  machine: Machine,
  { topology, now }: View<never, 'hosts' | 'nodes' | 'events'>,
): readonly Ending[] {
  const { node, host } = sidesOf(machine, topology);
  // What lies on the disk is newer: k3s may have been restarted since it complained.
  if (!node || host?.certificates.state === 'known') return [];
  return warningsAbout(node, topology).flatMap((event) =>
    [...(event.message ?? '').matchAll(ending)].map(([, certificate = '', time]): Ending => {
      const notAfter = parseTime(time) ?? now;
      return { seenBy: 'event', certificate, notAfter, object: refOf(event), field: 'message' };
    }),
  );
}

const ending = /([\w./-]+): certificate .+? at (\d[^\s,\]]*)/g;

function warningsAbout(node: Node, topology: Topology): readonly Event[] {
  const isWarning = ({ reason }: Event): boolean => reason === 'CertificateExpirationWarning';
  return topology.eventsOf(node).filter(isWarning);
}
