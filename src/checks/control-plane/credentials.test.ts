import { describeCheck } from '../../../test/support/cases.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import { check } from './credentials.ts';

const subject = 'Cluster/credentials';
const noonAt = Date.parse(noon);
const days = 24 * 3600;

/** A client certificate that ends so many seconds from now. */
function endsIn(seconds: number): number {
  return noonAt + seconds * 1000;
}

describeCheck(check, [
  {
    name: 'silent: let in with a token',
    world: { objects: [], access: { outcome: 'ok' } },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a client certificate that lasts 30 days is well',
    world: { objects: [], access: { outcome: 'ok', clientCertificateNotAfter: endsIn(30 * days) } },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: the token is not accepted',
    world: {
      objects: [],
      access: { outcome: 'unauthorized', detail: 'Unauthorized', user: 'laptop' },
    },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'critical',
        onset: { from: null, to: noon },
        field: 'outcome',
        facts: {
          name: 'credentials',
          why: 'unauthorized',
          server: 'https://cluster',
          user: 'laptop',
          detail: 'Unauthorized',
        },
      },
    ],
  },
  {
    name: 'fails: a second less than 30 days, since when it has been so',
    world: {
      objects: [],
      access: { outcome: 'ok', user: 'laptop', clientCertificateNotAfter: endsIn(30 * days - 1) },
    },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'medium',
        onset: { from: ago(1), to: ago(1) },
        field: 'clientCertificateNotAfter',
        facts: {
          name: 'credentials',
          why: 'client-certificate-expiring',
          server: 'https://cluster',
          user: 'laptop',
          detail: '',
          endsAt: endsIn(30 * days - 1),
          leftMs: (30 * days - 1) * 1000,
        },
      },
    ],
  },
  {
    name: 'boundary: a week left is not yet urgent',
    world: { objects: [], access: { outcome: 'ok', clientCertificateNotAfter: endsIn(7 * days) } },
    says: [{ verdict: 'fail', subject, severity: 'medium' }],
  },
  {
    name: 'boundary: less than a week is',
    world: {
      objects: [],
      access: { outcome: 'ok', clientCertificateNotAfter: endsIn(7 * days - 1) },
    },
    says: [{ verdict: 'fail', subject, severity: 'high' }],
  },
  {
    name: 'fails: the client certificate ended, and the server only says that it does not know us',
    world: {
      objects: [],
      access: { outcome: 'unauthorized', clientCertificateNotAfter: endsIn(0) },
    },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'critical',
        onset: { from: noon, to: noon },
        field: 'clientCertificateNotAfter',
        facts: {
          name: 'credentials',
          why: 'client-certificate-expired',
          server: 'https://cluster',
          user: '',
          detail: '',
          endsAt: noonAt,
          leftMs: 0,
        },
      },
    ],
  },
  {
    name: 'fails: the server refuses a client certificate that has not ended',
    world: {
      objects: [],
      access: { outcome: 'client-certificate', clientCertificateNotAfter: endsIn(90 * days) },
    },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'critical',
        facts: {
          name: 'credentials',
          why: 'client-certificate',
          server: 'https://cluster',
          user: '',
          detail: '',
          endsAt: endsIn(90 * days),
          leftMs: 90 * days * 1000,
        },
      },
    ],
  },
  {
    name: "fails: the server's own certificate ended, whatever became of ours",
    world: {
      objects: [],
      access: { outcome: 'certificate-expired', clientCertificateNotAfter: endsIn(-days) },
    },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'critical',
        field: 'outcome',
        facts: {
          name: 'credentials',
          why: 'certificate-expired',
          server: 'https://cluster',
          user: '',
          detail: '',
          endsAt: endsIn(-days),
          leftMs: 0,
        },
      },
    ],
  },
  {
    name: 'fails: a certificate from an authority that we do not know',
    world: {
      objects: [],
      access: { outcome: 'certificate-untrusted', detail: 'self-signed certificate' },
    },
    says: [{ verdict: 'fail', subject, severity: 'critical', field: 'outcome' }],
  },
  ...(
    ['refused', 'timed-out', 'reset', 'unreachable', 'unknown-host', 'server-error'] as const
  ).map((outcome) => ({
    name: `not judged: ${outcome} says nothing of our credentials`,
    world: { objects: [], access: { outcome, clientCertificateNotAfter: endsIn(days) } },
    says: [],
    judged: 0,
  })),
  {
    name: 'unknown: nobody knocked',
    world: { objects: [], deny: ['access'] },
    says: [{ verdict: 'unknown', subject: '', facts: { reason: 'forbidden' } }],
  },
]);
