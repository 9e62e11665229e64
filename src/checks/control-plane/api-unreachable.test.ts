import { describeCheck } from '../../../test/support/cases.ts';
import { host, silentHost } from '../../../test/support/hosts.ts';
import { noon } from '../../../test/support/snapshot.ts';
import { check } from './api-unreachable.ts';

const subject = 'Cluster/kube-apiserver';
const server = 'https://cluster';
const silent = silentHost('k3s2', 'timed-out', 'no answer within 8 s');

describeCheck(check, [
  {
    name: 'silent: the API server answers',
    world: { objects: [], access: { outcome: 'ok' }, hosts: [host('k3s1')] },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: somebody answers, and refuses us',
    world: { objects: [], access: { outcome: 'unauthorized' }, hosts: [host('k3s1')] },
    says: [
      {
        verdict: 'unknown',
        subject: 'Cluster/kube-apiserver',
        severity: 'critical',
        facts: { reason: 'unauthorized' },
      },
    ],
    judged: 1,
  },
  {
    name: 'silent: it answers, and no host was looked at',
    world: { objects: [] },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: no host was looked at, and our own way in proves nothing',
    world: { objects: [], access: { outcome: 'refused' } },
    says: [
      {
        verdict: 'unknown',
        subject: 'Cluster/kube-apiserver',
        severity: 'critical',
        facts: { reason: 'unreachable' },
      },
    ],
    judged: 1,
  },
  {
    name: 'fails: nobody listens there, and a host can be looked at',
    world: {
      objects: [],
      access: { outcome: 'refused', detail: 'connection refused' },
      hosts: [host('k3s1'), silent],
    },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'critical',
        onset: { from: null, to: noon },
        field: 'outcome',
        facts: {
          name: 'kube-apiserver',
          server,
          outcome: 'refused',
          detail: 'connection refused',
          answering: ['k3s1'],
        },
      },
    ],
  },
  {
    name: 'fails: what answers is no API server',
    world: { objects: [], access: { outcome: 'malformed' }, hosts: [host('k3s1')] },
    says: [{ verdict: 'fail', subject, severity: 'critical' }],
  },
  {
    name: 'unknown: no host answers either',
    world: { objects: [], access: { outcome: 'timed-out' }, hosts: [silent] },
    says: [{ verdict: 'unknown', subject }],
  },
]);
