import { describe, expect, test } from 'vitest';
import type { HaproxyRow } from '../../src/model/haproxy.ts';
import { host, known } from '../support/hosts.ts';
import { at, baseline, log, nowhere } from '../support/links.ts';
import { lease, object, pod } from '../support/objects.ts';
import { renamed, wan0 } from '../support/rename-cases.ts';
import { ago, type RawObject } from '../support/snapshot.ts';
import { type Audited, audited } from './world.ts';

/** HAProxy in front of the NodePort of one Service with a pod on each of three nodes. */

const nodes = { k3s1: '192.0.2.11', k3s2: '192.0.2.12', k3s3: '192.0.2.13' };
type Name = keyof typeof nodes;
const well = (name: Name): RawObject[] => [at(name, nodes[name]), lease(name)];
const labels = { app: 'rancher' };

const service = object(
  'v1',
  'Service',
  'rancher',
  { spec: { selector: labels, ports: [{ port: 443, nodePort: 30443 }] } },
  { namespace: 'cattle-system' },
);

const behind = (on: string): RawObject =>
  pod(`rancher-${on}`, { namespace: 'cattle-system', labels, node: on });

const slice = object(
  'discovery.k8s.io/v1',
  'EndpointSlice',
  'rancher-1',
  {
    endpoints: Object.keys(nodes).map((nodeName, n) => ({
      addresses: [`10.42.${n}.9`],
      nodeName,
      conditions: { ready: true },
    })),
  },
  { namespace: 'cattle-system', labels: { 'kubernetes.io/service-name': 'rancher' } },
);

const row = (server: Name, changes: Partial<HaproxyRow> = {}): HaproxyRow => ({
  backend: 'rancher',
  server,
  status: 'UP',
  checkStatus: 'L4OK',
  lastCheck: '',
  address: `${nodes[server]}:30443`,
  lastChangeSeconds: 86_400,
  downs: 0,
  ...changes,
});

const gone: Partial<HaproxyRow> = {
  status: 'DOWN',
  checkStatus: 'L4CON',
  lastCheck: 'Layer4 connection problem',
  lastChangeSeconds: 22,
  downs: 1,
};

const failing: Partial<HaproxyRow> = {
  status: 'UP 1/3',
  checkStatus: 'L4TOUT',
  lastCheck: 'Layer4 timeout',
};

const balancer = (...rows: readonly HaproxyRow[]): ReturnType<typeof host> =>
  host('edge', {
    k3s: { state: 'absent' },
    units: known([]),
    kmsg: { state: 'absent' },
    haproxy: known([...rows]),
  });

describe('a node that is silent and still called ready', () => {
  const told = audited({
    objects: [
      ...well('k3s1'),
      ...well('k3s2'),
      at('k3s3', nodes.k3s3),
      lease('k3s3', { renewed: ago(42) }),
      service,
      slice,
      ...Object.keys(nodes).map(behind),
    ],
    hosts: [
      balancer(
        row('k3s1', failing),
        row('k3s2', { ...failing, status: 'DOWN 1/2', lastChangeSeconds: 9 }),
        row('k3s3', gone),
        row('k3s3', {
          server: 'BACKEND',
          status: 'DOWN',
          address: undefined,
          checkStatus: undefined,
          lastChangeSeconds: 5,
        }),
      ),
    ],
  });

  test('its own server, those of healthy nodes and the whole backend follow from it', () => {
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]?.roots).toEqual(['node/lease-stale Node/k3s3']);
    const effects = told.incidents[0]?.chain.map((each) => each.split(' → ')[1]);
    expect(effects).toEqual(
      expect.arrayContaining(
        ['k3s1', 'k3s2', 'k3s3', 'BACKEND'].map(
          (name) => `edge/haproxy-backend-down HAProxyServer/edge/rancher/${name}`,
        ),
      ),
    );
    expect(told.alone).toEqual([]);
  });
});

describe('a dead node beside a server that answers, and says no', () => {
  const told = audited({
    objects: [
      ...well('k3s1'),
      ...well('k3s2'),
      at('k3s3', nodes.k3s3, { ready: 'Unknown', since: ago(600) }),
      lease('k3s3', { renewed: ago(648) }),
      service,
      ...Object.keys(nodes).map(behind),
    ],
    hosts: [
      balancer(
        row('k3s1', {
          ...gone,
          checkStatus: 'L7STS',
          checkCode: '503',
          lastCheck: 'Layer7 wrong status',
        }),
        row('k3s3', { ...gone, lastChangeSeconds: 640 }),
      ),
    ],
  });

  test('the dead node owns its own server only', () => {
    const chain = told.incidents.flatMap((each) => each.chain);
    expect(chain).toContain(
      'node/not-ready Node/k3s3 → edge/haproxy-backend-down HAProxyServer/edge/rancher/k3s3',
    );
    expect(chain.filter((each) => each.endsWith('/k3s1'))).toEqual([]);
    expect(told.alone).toContain('edge/haproxy-backend-down HAProxyServer/edge/rancher/k3s1');
  });
});

/** Ready again for so many seconds. */
const recovered = (name: Name, seconds: number): RawObject[] => [
  at(name, nodes[name], { ready: 'True', since: ago(seconds) }),
  lease(name),
];

/** Its uplink went down, was renamed and is up without an address; Kubernetes has not noticed. */
const withRenamedUplink = (name: string, seconds = 11): ReturnType<typeof host> =>
  host(name, {
    baseline: baseline({ uplink: { name: 'eth0', index: 2, busPath: undefined } }),
    interfaces: wan0,
    ...nowhere,
    kernel: log([renamed(seconds, 'wan0')], { shared: true }),
  });

const rancher = [service, slice, ...Object.keys(nodes).map(behind)];

describe('an uplink that broke seconds ago, while a node has just recovered from something else', () => {
  const root = 'link/interface-renamed Link/k3s3/eth0';

  test.each(['k3s2', 'k3s3'] as const)('%s has recovered: it is not blamed', (name) => {
    const told = audited({
      objects: [
        ...well('k3s1'),
        ...(name === 'k3s2' ? recovered('k3s2', 40) : well('k3s2')),
        ...(name === 'k3s3' ? recovered('k3s3', 40) : well('k3s3')),
        ...rancher,
      ],
      hosts: [
        balancer(
          row('k3s1'),
          row('k3s2', { ...failing, lastChangeSeconds: 38, downs: 4 }),
          row('k3s3', { ...gone, lastChangeSeconds: 5, downs: 4, checkStatus: 'L4TOUT' }),
        ),
        withRenamedUplink('k3s3'),
      ],
    });
    expect(told.incidents.map(({ certainty, roots }) => ({ certainty, roots }))).toEqual([
      { certainty: 'certain', roots: [root] },
    ]);
    expect(told.incidents[0]?.chain.toSorted()).toEqual(
      ['k3s2', 'k3s3'].map(
        (server) => `${root} → edge/haproxy-backend-down HAProxyServer/edge/rancher/${server}`,
      ),
    );
  });
});

/** `k3s2` is Ready again for so many seconds, and down in HAProxy for so many. */
const auditedWith = (seconds: { readonly ready: number; readonly down: number }): Audited =>
  audited({
    objects: [...well('k3s1'), ...recovered('k3s2', seconds.ready), ...well('k3s3'), ...rancher],
    hosts: [
      balancer(row('k3s1'), row('k3s2', { ...gone, lastChangeSeconds: seconds.down }), row('k3s3')),
    ],
  });

describe('a server that HAProxy lost half a minute after its node had recovered', () => {
  test('nobody can tell whether that has to do with each other', () => {
    const told = auditedWith({ ready: 40, down: 10 });
    expect(told.incidents.filter(({ certainty }) => certainty === 'certain')).toEqual([]);
  });

  test('and minutes later it has nothing', () => {
    const told = auditedWith({ ready: 300, down: 10 });
    expect(told.incidents).toEqual([]);
    expect(told.alone).toEqual(['edge/haproxy-backend-down HAProxyServer/edge/rancher/k3s2']);
  });

  test('one that it lost while the node was away follows from it', () => {
    const told = auditedWith({ ready: 40, down: 80 });
    expect(told.incidents.map(({ roots }) => roots)).toEqual([['node/not-ready Node/k3s2']]);
  });
});

describe('a link that broke, and a server that HAProxy lost for another reason', () => {
  const server = 'edge/haproxy-backend-down HAProxyServer/edge/rancher/k3s3';
  const toldOf = (host: ReturnType<typeof withRenamedUplink>, lost: Partial<HaproxyRow>) =>
    audited({
      objects: [...well('k3s1'), ...well('k3s2'), ...well('k3s3'), ...rancher],
      hosts: [balancer(row('k3s1'), row('k3s2'), row('k3s3', { ...gone, ...lost })), host],
    });

  test('somebody is there who refuses', () => {
    const lost = { lastCheck: 'Connection refused', lastChangeSeconds: 5 };
    const { incidents, alone } = toldOf(withRenamedUplink('k3s3'), lost);
    expect(incidents.flatMap(({ chain }) => chain)).toEqual([]);
    expect(alone).toContain(server);
  });

  test('the link broke hours ago, and the node is well all the same', () => {
    const lost = { checkStatus: 'L4TOUT', lastCheck: 'Layer4 timeout', lastChangeSeconds: 5 };
    const { incidents, alone } = toldOf(withRenamedUplink('k3s3', 11_000), lost);
    expect(incidents.flatMap(({ chain }) => chain)).toEqual([]);
    expect(alone).toContain(server);
  });
});
