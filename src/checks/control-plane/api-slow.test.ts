import { describeCheck } from '../../../test/support/cases.ts';
import { noon } from '../../../test/support/snapshot.ts';
import { check } from './api-slow.ts';

const subject = 'Cluster/kube-apiserver';

describeCheck(check, [
  {
    name: 'silent: five quick answers',
    world: { objects: [], latencyMs: [4, 5, 6, 5, 4] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: one answer of eight was slow, as the first often is',
    world: { objects: [], latencyMs: [4000, 20, 20, 20, 20, 20, 20, 20] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a second exactly is not yet slow',
    world: { objects: [], latencyMs: [1000, 1000, 1000, 1000, 1000] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: slow again and again',
    world: { objects: [], latencyMs: [900, 1001, 20, 3000, 1001, 20, 1400, 20] },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'medium',
        onset: { from: null, to: noon },
        field: 'GET /api',
        facts: { name: 'kube-apiserver', p95Ms: 1400, samples: 8, path: '/api' },
      },
    ],
  },
  {
    name: 'unknown: four answers are too few',
    world: { objects: [], latencyMs: [2000, 2000, 2000, 2000] },
    says: [{ verdict: 'unknown', subject, severity: 'medium', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'unknown: the small object may not be read',
    world: { objects: [], deny: ['apilatency'] },
    says: [{ verdict: 'unknown', subject: '', facts: { reason: 'forbidden' } }],
  },
]);
