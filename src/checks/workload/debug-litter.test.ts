import { describeCheck } from '../../../test/support/cases.ts';
import { pod } from '../../../test/support/objects.ts';
import { ago, noon, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './debug-litter.ts';

type Fields = { readonly [name: string]: unknown };

const ended = (at: string): Fields => ({
  ready: false,
  state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: ago(3600), finishedAt: at } },
});
const debug = (shape: Fields = {}): RawObject =>
  pod('node-debugger-k3s1-x7k2p', { node: 'k3s1', created: ago(3600), ...shape });
const finished: Fields = { phase: 'Succeeded', ready: false, container: ended(ago(900)) };
const subject = 'Pod/default/node-debugger-k3s1-x7k2p';
const day = 24 * 3600;

describeCheck(check, [
  {
    name: 'silent: one that somebody uses, and a finished pod of another kind',
    world: { objects: [debug(), pod('job-1', finished)] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: it has finished',
    world: { objects: [debug(finished)] },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'low',
        onset: { from: null, to: ago(900) },
        field: 'status.phase',
        facts: {
          name: 'node-debugger-k3s1-x7k2p',
          namespace: 'default',
          node: 'k3s1',
          why: 'finished',
          createdAt: Date.parse(ago(3600)),
          forMs: 3_600_000,
        },
      },
    ],
  },
  {
    name: 'boundary: it has run for 24 hours',
    world: { objects: [debug({ created: ago(day) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: it has run for longer',
    world: { objects: [debug({ created: ago(day + 1) })] },
    says: [
      {
        verdict: 'fail',
        subject,
        onset: { from: null, to: ago(1) },
        field: 'metadata.creationTimestamp',
        facts: {
          name: 'node-debugger-k3s1-x7k2p',
          namespace: 'default',
          node: 'k3s1',
          why: 'old',
          createdAt: Date.parse(ago(day + 1)),
          forMs: (day + 1) * 1000,
        },
      },
    ],
  },
  {
    name: 'fails: the copy of a pod, known by its label, that failed nobody knows when',
    world: {
      objects: [
        pod('web-debug', {
          labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' },
          phase: 'Failed',
        }),
        pod('web', { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, phase: 'Failed' }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Pod/default/web-debug',
        onset: { from: null, to: noon },
        facts: {
          name: 'web-debug',
          namespace: 'default',
          why: 'finished',
          createdAt: Date.parse(ago(7 * day)),
          forMs: 7 * day * 1000,
        },
      },
    ],
  },
  {
    name: 'fails: it has finished, its init container last',
    world: {
      objects: [
        debug({
          ...finished,
          initContainerStatuses: [
            { name: 'init', image: 'a', restartCount: 0, ...ended(ago(800)) },
          ],
        }),
      ],
    },
    says: [{ verdict: 'fail', subject, onset: { from: null, to: ago(800) } }],
  },
  {
    name: 'silent: it is being deleted',
    world: { objects: [debug({ ...finished, deleted: ago(-5) })] },
    says: [],
    judged: 0,
  },
  {
    name: 'unknown: pods may not be listed',
    world: { objects: [debug(finished)], deny: ['pods'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'low' }],
  },
]);
