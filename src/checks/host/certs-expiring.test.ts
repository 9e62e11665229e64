import { describeCheck } from '../../../test/support/cases.ts';
import { before, healthy } from '../../../test/support/host-cases.ts';
import { host, known, silentHost, unknown } from '../../../test/support/hosts.ts';
import { event, node } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './certs-expiring.ts';

const dir = '/var/lib/rancher/k3s/agent';
const day = 86_400;

/** A certificate of servers that ran out yesterday, beside one that was renewed after that. */
function leftOver(role: 'server' | 'agent', path: string): Host {
  const tls = '/var/lib/rancher/k3s/server/tls';
  const of = { subject: 'CN=k3s', notAfter: before(-300 * day) };
  return host('a', {
    k3s: healthy('k3s', { role }),
    certificates: known([
      { ...of, path: `${tls}/client-admin.crt`, notBefore: before(3600) },
      { ...of, path: `${tls}/${path}`, notBefore: before(366 * day), notAfter: before(day) },
    ]),
  });
}

/** The kubelet's certificate ends so many seconds from now; the others are fresh. */
function ending(seconds: number, more: Partial<Host> = {}): Host {
  const of = { subject: 'CN=system:node:a', notBefore: before(300 * day) };
  return host('a', {
    certificates: known([
      { ...of, path: `${dir}/serving-kubelet.crt`, notAfter: before(-200 * day) },
      { ...of, path: `${dir}/client-kubelet.crt`, notAfter: before(-seconds) },
    ]),
    ...more,
  });
}

function warning(message: string): RawObject {
  return event('a.1', {
    about: { kind: 'Node', name: 'a' },
    reason: 'CertificateExpirationWarning',
    message: `Node certificates require attention - restart k3s on this node to trigger automatic rotation: [${message}]`,
    first: ago(600),
    last: ago(600),
  });
}

const expired = 'kubelet-client/client.crt: certificate CN=system:node:a expired at';

describeCheck(check, [
  {
    name: 'silent: all are fresh',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: nobody looked at hosts, and no node complains',
    world: { objects: [node('a')] },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: what an agent keeps of its days as a server',
    world: { objects: [], hosts: [leftOver('agent', 'client-ca.crt')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: what a server keeps of an older release, the others renewed long after its end',
    world: { objects: [], hosts: [leftOver('server', 'client-cloud-controller.crt')] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: an authority is renewed by nobody',
    world: { objects: [], hosts: [leftOver('server', 'client-ca.crt')] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'critical' }],
  },
  {
    name: 'boundary: 30 days left',
    world: { objects: [], hosts: [ending(30 * day)] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: less than 30 days left',
    world: { objects: [], hosts: [ending(30 * day - 1)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'medium',
        onset: { from: ago(1), to: ago(1) },
        field: `certificates[${dir}/client-kubelet.crt].notAfter`,
        facts: {
          name: 'a',
          why: 'expiring',
          seenBy: 'host',
          certificate: `${dir}/client-kubelet.crt`,
          others: 0,
          endsAt: before(1 - 30 * day),
          leftMs: (30 * day - 1) * 1000,
          unitUp: true,
          role: 'agent',
        },
      },
    ],
  },
  {
    name: 'fails: less than 7 days left',
    world: { objects: [], hosts: [ending(7 * day - 1)] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'high' }],
  },
  {
    name: 'fails: expired, and k3s runs on with it',
    world: { objects: [], hosts: [ending(-60)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        onset: { from: ago(60), to: ago(60) },
        facts: {
          name: 'a',
          why: 'expired',
          seenBy: 'host',
          certificate: `${dir}/client-kubelet.crt`,
          others: 0,
          endsAt: before(60),
          leftMs: 0,
          unitUp: true,
          role: 'agent',
        },
      },
    ],
  },
  {
    name: 'fails: k3s itself says so of a node that no host is declared for',
    world: { objects: [node('a'), warning(`${expired} 2026-03-01T11:00:00Z`)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/a',
        severity: 'critical',
        field: 'message',
        facts: {
          name: 'a',
          why: 'expired',
          seenBy: 'event',
          certificate: 'kubelet-client/client.crt',
          others: 0,
          endsAt: Date.parse('2026-03-01T11:00:00Z'),
          leftMs: 0,
          unitUp: 'unknown',
          role: 'unknown',
        },
      },
    ],
  },
  {
    name: 'fails: of a host that did not answer, k3s said so to the API',
    world: {
      objects: [node('a'), warning(`${expired} 2026-03-01T11:00:00Z`)],
      hosts: [silentHost('a', 'timed-out', 'no answer within 10 s')],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'critical' }],
  },
  {
    name: 'silent: k3s was restarted since it complained, and what lies there is new',
    world: {
      objects: [node('a'), warning(`${expired} 2026-03-01T11:00:00Z`)],
      hosts: [host('a')],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: k3s complains 60 days ahead',
    world: {
      objects: [
        node('a'),
        warning(
          'kubelet-client/client.crt: certificate CN=x will expire within 90 days at 2026-05-01T11:00:00Z',
        ),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: its certificates may not be read',
    world: { objects: [], hosts: [host('a', { certificates: unknown('only root may') })] },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'forbidden' } }],
  },
]);
