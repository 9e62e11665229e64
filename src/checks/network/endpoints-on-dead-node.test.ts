import { describeCheck } from '../../../test/support/cases.ts';
import { type Fields, node } from '../../../test/support/objects.ts';
import { testPartialScope } from '../../../test/support/scope.ts';
import { service as anyService, endpointSlice } from '../../../test/support/services.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './endpoints-on-dead-node.ts';

const inRancher = { namespace: 'cattle-system' } as const;

const service = (spec: Fields = {}): RawObject =>
  anyService('rancher', { selector: { app: 'rancher' }, ...spec }, inRancher);

const slice = (name: string, endpoints: readonly Fields[]): RawObject =>
  endpointSlice('rancher', endpoints, { name, ...inRancher });

const on = (nodeName: string | undefined, ip: string, ready?: boolean): Fields => ({
  addresses: [ip],
  conditions: { ready, serving: ready },
  ...(nodeName === undefined ? {} : { nodeName }),
});

const dead = (name: string, seconds: number): RawObject =>
  node(name, { ready: 'Unknown', since: ago(seconds) });

describeCheck(check, [
  {
    name: 'silent: ready addresses on ready nodes only',
    world: {
      objects: [
        node('a'),
        dead('b', 600),
        service(),
        slice('rancher-x', [on('a', '10.42.0.5', true), on('b', '10.42.1.5', false)]),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: 60 s after the node is not ready, the list may still lag',
    world: {
      objects: [dead('b', 60), service(), slice('rancher-x', [on('b', '10.42.1.5', true)])],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: 61 s after, it no longer lags',
    world: {
      objects: [dead('b', 61), service(), slice('rancher-x', [on('b', '10.42.1.5', true)])],
    },
    says: [{ verdict: 'fail', subject: 'Service/cattle-system/rancher' }],
  },
  {
    name: 'silent: the Service publishes addresses that are not ready, on purpose',
    world: {
      objects: [
        dead('b', 600),
        service({ publishNotReadyAddresses: true }),
        slice('rancher-x', [on('b', '10.42.1.5', true)]),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: addresses that a person wrote for a Service without a selector',
    world: {
      objects: [
        dead('b', 600),
        service({ selector: null }),
        slice('rancher-x', [on('b', '10.42.1.5', true)]),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'silent: an address on no node, and on one that is gone',
    world: {
      objects: [
        dead('b', 600),
        service(),
        slice('rancher-x', [on(undefined, '10.42.1.5', true), on('z', '10.42.1.6', true)]),
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: of four addresses three lie on dead nodes, the first dead for ten minutes',
    world: {
      objects: [
        node('a'),
        dead('b', 600),
        node('c', { ready: 'False', since: ago(300) }),
        service(),
        slice('rancher-y', [on('c', '10.42.2.5', true), on('b', '10.42.1.6', true)]),
        slice('rancher-x', [on('a', '10.42.0.5', true), on('b', '10.42.1.5')]),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Service/cattle-system/rancher',
        severity: 'high',
        onset: { from: null, to: ago(600) },
        field: 'endpoints[].conditions.ready',
        facts: {
          name: 'rancher',
          namespace: 'cattle-system',
          node: 'b',
          nodes: ['b', 'c'],
          addresses: ['10.42.1.5', '10.42.1.6', '10.42.2.5'],
          live: 1,
          sinceAt: Date.parse(ago(600)),
          forMs: 600_000,
        },
      },
    ],
  },
  {
    name: 'unknown: nodes may not be listed',
    world: { objects: [service()], deny: ['nodes'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);

testPartialScope(check, [service()], ['endpointslices']);
