import { describeCheck } from '../../../test/support/cases.ts';
import { less } from '../../../test/support/facts.ts';
import { event, pod } from '../../../test/support/objects.ts';
import { ago, noon, type RawObject } from '../../../test/support/snapshot.ts';
import type { Facts } from '../../model/finding.ts';
import { check } from './crash-loop.ts';

type Fields = { readonly [name: string]: unknown };

const died = (fields: Fields = {}): Fields => ({
  terminated: {
    exitCode: 1,
    reason: 'Error',
    startedAt: ago(95),
    finishedAt: ago(90),
    containerID: 'containerd://1',
    ...fields,
  },
});
const backingOff = (lastState: Fields = died()): Fields => ({
  name: 'main',
  image: 'docker.io/library/app:1',
  ready: false,
  started: false,
  restartCount: 7,
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed' } },
  lastState,
});
const attempt = (startedAt: string, ready = false): Fields => ({
  ...backingOff(),
  ready,
  state: { running: { startedAt } },
});
const wait = (status: Fields): Fields => ({ ...status, name: 'wait' });
const web = (container: Fields = backingOff(), shape: Fields = {}): RawObject =>
  pod('web', { node: 'k3s1', ready: false, since: ago(900), container, ...shape });
const backOff = (shape: Fields = {}): RawObject =>
  event('web.1', {
    about: { kind: 'Pod', namespace: 'default', name: 'web' },
    reason: 'BackOff',
    message: 'Back-off restarting failed container main in pod web_default(uid-of-default-web)',
    first: ago(880),
    last: ago(60),
    ...shape,
  });
/** No log is there unless the case gives one. */
const loops = (facts: Facts = {}) => ({
  verdict: 'fail' as const,
  subject: 'Pod/default/web',
  facts: {
    name: 'web',
    namespace: 'default',
    node: 'k3s1',
    container: 'main',
    restarts: 7,
    why: 'error',
    exitCode: 1,
    lastLines: [],
    lastLine: '',
    dependsOn: ['node/k3s1'],
    role: 'workload',
    notSeen: ['podlogs: not asked for this container'],
    ...facts,
  },
});

describeCheck(check, [
  {
    name: 'silent: a pod that runs, one that restarted and recovered',
    world: {
      objects: [
        pod('calm', { node: 'k3s1' }),
        web({ ...attempt(ago(30), true) }, { ready: true }),
        backOff(),
      ],
    },
    says: [],
    judged: 2,
  },
  {
    name: 'fails: with exit code, last lines and what it depends on',
    world: {
      objects: [
        web(backingOff(), {
          claims: ['data'],
          volumes: [
            { name: 'tls', secret: { secretName: 'web-tls' } },
            { name: 'settings', configMap: { name: 'web' } },
          ],
        }),
        backOff(),
      ],
      logs: {
        'default/web/main': ['starting', 'dial unix /csi/csi.sock: context deadline exceeded'],
        'default/web/other': ['of another container'],
        'other/web/main': ['of another pod'],
      },
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Pod/default/web',
        severity: 'high',
        onset: { from: ago(900), to: ago(880) },
        field: 'status.containerStatuses[main].state.waiting.reason',
        facts: {
          name: 'web',
          namespace: 'default',
          node: 'k3s1',
          container: 'main',
          restarts: 7,
          why: 'timeout',
          exitCode: 1,
          lastLines: ['starting', 'dial unix /csi/csi.sock: context deadline exceeded'],
          lastLine: 'dial unix /csi/csi.sock: context deadline exceeded',
          dependsOn: ['node/k3s1', 'pvc/data', 'secret/web-tls', 'configmap/web'],
          role: 'workload',
          notSeen: [],
        },
      },
    ],
  },
  {
    name: 'silent: a finished pod, and one that is being deleted',
    world: {
      objects: [
        web(backingOff(), { phase: 'Failed' }),
        pod('gone', { deleted: ago(-20), container: backingOff() }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'boundary: an attempt of less than 2 minutes, out of its back-off, is still in the loop',
    world: { objects: [web(attempt(ago(119))), backOff()] },
    says: [{ ...loops({ restarts: 7 }), field: 'status.containerStatuses[main].restartCount' }],
  },
  {
    name: 'boundary: after 2 minutes it may just be slow to start',
    world: { objects: [web(attempt(ago(120))), backOff()] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: its back-off was seen just under 10 minutes ago',
    world: { objects: [web(attempt(ago(9))), backOff({ last: ago(599) })] },
    says: [loops()],
  },
  {
    name: 'boundary: its back-off was seen 10 minutes ago',
    world: { objects: [web(attempt(ago(9))), backOff({ last: ago(600) })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: the back-off was another container, another pod of that name, or of an image',
    world: {
      objects: [
        web(attempt(ago(9))),
        backOff({ message: 'Back-off restarting failed container mainly in pod web_default(1)' }),
        backOff({ about: { kind: 'Pod', namespace: 'default', name: 'web', uid: 'earlier' } }),
        backOff({ about: { kind: 'Job', namespace: 'default', name: 'web' } }),
        backOff({ reason: 'Unhealthy' }),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: an init container of a network plugin',
    world: {
      objects: [
        pod('web', {
          node: 'k3s1',
          ready: false,
          owner: { kind: 'DaemonSet', name: 'cilium' },
          initContainerStatuses: [{ ...backingOff(), name: 'wait' }],
          container: { ready: false, state: { waiting: { reason: 'PodInitializing' } } },
        }),
      ],
      logs: { 'default/web/wait': [] },
    },
    says: [
      {
        ...loops({ container: 'wait', role: 'network-plugin', notSeen: [] }),
        field: 'status.initContainerStatuses[wait].state.waiting.reason',
      },
    ],
  },
  {
    name: 'fails: a CSI driver, by the container that registers it',
    world: { objects: [web({ ...backingOff(), name: 'node-driver-registrar' })] },
    says: [loops({ container: 'node-driver-registrar', role: 'csi-driver' })],
  },
  {
    name: 'fails: an init container ran out of memory; its last crash dates it',
    world: {
      objects: [
        web({}, { initContainerStatuses: [wait(backingOff(died({ reason: 'OOMKilled' })))] }),
      ],
    },
    says: [{ ...loops({ container: 'wait', why: 'oom' }), onset: { from: null, to: ago(90) } }],
  },
  {
    name: 'fails: an init container says why in its termination message',
    world: {
      objects: [
        web({}, { initContainerStatuses: [wait(backingOff(died({ message: 'no such host' })))] }),
      ],
    },
    says: [loops({ container: 'wait', why: 'dns', lastLine: 'no such host' })],
  },
  {
    name: 'fails: an init container at its next attempt; a sidecar beside it is ready',
    world: {
      objects: [
        web(
          { ready: false, state: { waiting: { reason: 'PodInitializing' } } },
          {
            initContainerStatuses: [
              { ...attempt(ago(9), true), name: 'sidecar' },
              wait(attempt(ago(9))),
            ],
          },
        ),
        backOff({ message: 'Back-off restarting failed container sidecar in pod web_default(1)' }),
        backOff({ message: 'Back-off restarting failed container wait in pod web_default(1)' }),
      ],
    },
    says: [
      {
        ...loops({ container: 'wait' }),
        field: 'status.initContainerStatuses[wait].restartCount',
      },
    ],
  },
  {
    name: 'onset: with no back-off on record, no later than the last crash',
    world: { objects: [web()] },
    says: [{ ...loops(), onset: { from: null, to: ago(90) } }],
  },
  {
    name: 'onset: the pod was ready again since the first back-off',
    world: { objects: [web(backingOff(), { since: ago(90) }), backOff()] },
    says: [{ ...loops(), onset: { from: null, to: ago(880) } }],
  },
  {
    name: 'onset: nothing tells when it crashed',
    world: { objects: [web(backingOff({}))] },
    says: [{ ...loops(), facts: less(loops().facts, 'exitCode'), onset: { from: null, to: noon } }],
  },
  {
    name: 'fails: killed for its memory, whatever it wrote',
    world: {
      objects: [web(backingOff(died({ exitCode: 137, reason: 'OOMKilled' })))],
      logs: { 'default/web/main': ['no such host'] },
    },
    says: [
      loops({
        why: 'oom',
        exitCode: 137,
        lastLines: ['no such host'],
        lastLine: 'no such host',
        notSeen: [],
      }),
    ],
  },
  {
    name: 'fails: without its log the termination message speaks',
    world: {
      objects: [web(backingOff(died({ message: 'dial tcp 10.43.0.1:443: i/o timeout\n' })))],
      deny: ['podlogs', 'events'],
    },
    says: [
      loops({
        why: 'timeout',
        lastLine: 'dial tcp 10.43.0.1:443: i/o timeout',
        lastLines: [],
        notSeen: ['podlogs: not allowed in this test', 'events: not allowed in this test'],
      }),
    ],
  },
  {
    name: 'fails: the kubelet has no log of it',
    world: { objects: [web()], logs: { 'default/web/main': null } },
    says: [loops({ why: 'error', notSeen: ['podlogs: the kubelet has no log of it'] })],
  },
  {
    name: 'fails: more containers crash than are asked for their logs',
    world: { objects: [web()], logs: { 'default/other/main': ['no such host'] } },
    says: [loops({ why: 'error', notSeen: ['podlogs: not asked for this container'] })],
  },
  {
    name: 'unknown: pods may not be listed',
    world: { objects: [web()], deny: ['pods'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high' }],
  },
]);
