import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { host, known, silentHost, unknown } from '../../../test/support/hosts.ts';
import { ago, noon, type World } from '../../../test/support/snapshot.ts';
import type { HaproxyRow } from '../../model/haproxy.ts';
import { check } from './haproxy-backend-down.ts';

const up: HaproxyRow = {
  backend: 'rancher',
  server: 'k3s1',
  status: 'UP',
  checkStatus: 'L4OK',
  checkCode: '',
  lastCheck: 'Layer4 check passed',
  address: '192.0.2.11:30443',
  lastChangeSeconds: 86_400,
  downs: 1,
};

const whole: HaproxyRow = {
  backend: 'rancher',
  server: 'BACKEND',
  status: 'UP',
  lastChangeSeconds: 86_400,
  downs: 0,
};

const dead: HaproxyRow = {
  ...up,
  status: 'DOWN',
  checkStatus: 'L4TOUT',
  lastCheck: 'Layer4 timeout',
  lastChangeSeconds: 300,
  downs: 2,
};

const on = (...rows: readonly HaproxyRow[]): World => ({
  objects: [],
  hosts: [host('edge', { haproxy: known([...rows]) }), host('a')],
});

const down = (facts: object): Said => ({
  verdict: 'fail',
  subject: 'HAProxyServer/edge/rancher/k3s1',
  severity: 'high',
  facts: {
    name: 'rancher/k3s1',
    host: 'edge',
    backend: 'rancher',
    server: 'k3s1',
    whole: false,
    state: 'down',
    status: 'DOWN',
    check: 'L4TOUT',
    result: 'no-connection',
    checkSaid: 'Layer4 timeout',
    checkCode: '',
    address: '192.0.2.11:30443',
    downs: 2,
    forMs: 300_000,
    ...facts,
  },
});

const lost = { verdict: 'fail', subject: 'HAProxyServer/edge/rancher/BACKEND' } as const;

describeCheck(check, [
  {
    name: 'silent: all up; a frontend, and a server without a check',
    world: on(
      up,
      whole,
      { ...up, server: 'FRONTEND', status: 'OPEN' },
      { ...up, server: 'k3s2', status: 'no check' },
    ),
    says: [],
    judged: 4,
  },
  {
    name: 'silent: no host has HAProxy',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: taken out by hand, the last one too',
    world: on(
      { ...dead, status: 'MAINT' },
      { ...dead, server: 'k3s2', status: 'MAINT (via x/y)' },
      { ...whole, status: 'DOWN' },
    ),
    says: [],
    judged: 3,
  },
  {
    name: 'silent: being drained',
    world: on({ ...dead, status: 'DRAIN' }),
    says: [],
    judged: 1,
  },
  {
    name: 'fails: a server is down, and its check says how',
    world: on(dead, { ...up, server: 'k3s2' }, whole),
    says: [
      {
        ...down({}),
        onset: { from: ago(360), to: ago(300) },
        field: 'haproxy[].status',
      },
    ],
  },
  {
    name: 'fails: it answers, and says no',
    world: on({
      ...dead,
      checkStatus: 'L7STS',
      checkCode: '503',
      lastCheck: 'Layer7 wrong status',
    }),
    says: [
      down({
        check: 'L7STS',
        result: 'refused',
        checkCode: '503',
        checkSaid: 'Layer7 wrong status',
      }),
    ],
  },
  {
    name: 'fails: it begins to answer again',
    world: on({ ...dead, status: 'DOWN 1/2' }),
    says: [down({ status: 'DOWN 1/2' })],
  },
  {
    name: 'fails: all servers are down, and the backend with them',
    world: on(dead, { ...whole, status: 'DOWN', lastChangeSeconds: 290 }),
    says: [
      down({}),
      {
        ...lost,
        severity: 'critical',
        onset: { from: ago(350), to: ago(290) },
        facts: {
          name: 'rancher/BACKEND',
          host: 'edge',
          backend: 'rancher',
          server: 'BACKEND',
          whole: true,
          state: 'down',
          status: 'DOWN',
          check: '',
          result: 'none',
          checkSaid: '',
          checkCode: '',
          address: '',
          downs: 0,
          forMs: 290_000,
        },
      },
    ],
  },
  {
    name: 'boundary: one of two was taken out by hand, the other died',
    world: on(dead, { ...up, server: 'k3s2', status: 'MAINT' }, { ...whole, status: 'DOWN' }),
    says: [down({}), { ...lost, severity: 'critical' }],
  },
  {
    name: 'fails: up, and its last checks failed',
    world: on({ ...up, status: 'UP 1/3', checkStatus: 'L4TOUT', lastCheck: 'Layer4 timeout' }),
    says: [
      {
        ...down({ state: 'failing', status: 'UP 1/3', downs: 1, forMs: 86_400_000 }),
        severity: 'medium',
        onset: { from: ago(86_400), to: noon },
      },
    ],
  },
  {
    name: 'fails: up, and the result of its check says otherwise',
    world: on({ ...up, checkStatus: 'L4CON', lastCheck: 'Layer4 connection problem' }),
    says: [
      {
        ...down({
          state: 'failing',
          status: 'UP',
          check: 'L4CON',
          checkSaid: 'Layer4 connection problem',
          downs: 1,
          forMs: 86_400_000,
        }),
        severity: 'medium',
      },
    ],
  },
  {
    name: 'fails: up for a moment, after it went down again and again',
    world: on({ ...up, lastChangeSeconds: 29, downs: 3 }),
    says: [
      down({
        state: 'flapping',
        status: 'UP',
        check: 'L4OK',
        result: 'passed',
        checkSaid: 'Layer4 check passed',
        downs: 3,
        forMs: 29_000,
      }),
    ],
  },
  {
    name: 'fails: down since just now, and it was down before: that may have been months ago',
    world: on({ ...dead, lastChangeSeconds: 3, downs: 12 }),
    says: [down({ state: 'down', downs: 12, forMs: 3_000 })],
  },
  {
    name: 'boundary: it has been up for half a minute',
    world: on({ ...up, lastChangeSeconds: 30, downs: 3 }),
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: it came back after its second time',
    world: on({ ...up, lastChangeSeconds: 10, downs: 2 }),
    says: [],
    judged: 1,
  },
  {
    name: 'fails: since when is not told',
    world: on({ backend: 'rancher', server: 'k3s1', status: 'DOWN' }),
    says: [
      {
        ...down({
          check: '',
          result: 'none',
          checkSaid: '',
          address: '',
          downs: 0,
          forMs: 0,
        }),
        onset: { from: null, to: noon },
      },
    ],
  },
  {
    name: 'unknown: HAProxy does not tell',
    world: { objects: [], hosts: [host('edge', { haproxy: unknown('no stats socket') })] },
    says: [
      {
        verdict: 'unknown',
        subject: 'Host/edge',
        severity: 'critical',
        facts: { reason: 'forbidden' },
      },
    ],
  },
  {
    name: 'silent: of a host that does not answer nobody knows whether it has one',
    world: { objects: [], hosts: [silentHost('edge', 'timed-out', 'no answer')] },
    says: [],
    judged: 0,
  },
  {
    name: 'unknown: nobody was asked to look at hosts',
    world: { objects: [] },
    says: [
      {
        verdict: 'unknown',
        subject: '',
        severity: 'critical',
        facts: { reason: 'not-collected' },
      },
    ],
  },
]);
