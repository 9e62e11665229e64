import { type CheckCase, describeCheck } from '../../../test/support/cases.ts';
import { type Fields, node, object } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import { check } from './attach-stuck.ts';

function attachment(status: Fields = { attached: true }, common: Fields = {}): RawObject {
  const source = { persistentVolumeName: 'pvc-1' };
  const spec = { attacher: 'driver.longhorn.io', nodeName: 'b', source };
  return object('storage.k8s.io/v1', 'VolumeAttachment', 'csi-1', { spec, status }, common);
}

const failing = (time: string): Fields => ({
  attached: false,
  attachError: { time, message: 'rpc error: code = Internal desc = volume is faulted' },
});
const facts = {
  name: 'csi-1',
  node: 'b',
  volume: 'pvc-1',
  driver: 'driver.longhorn.io',
};
const subject = 'VolumeAttachment.storage.k8s.io/csi-1';

const silent = (what: string, objects: readonly RawObject[]): CheckCase => ({
  name: `boundary: silent, ${what}`,
  world: { objects },
  says: [],
  judged: 1,
});

const fails = (what: string, objects: readonly RawObject[]): CheckCase => ({
  name: `boundary: fails, ${what}`,
  world: { objects },
  says: [{ verdict: 'fail', subject }],
});

describeCheck(check, [
  {
    name: 'silent: attached to a ready node',
    world: { objects: [node('b'), attachment()] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: an attachment of longhorn.io is another thing',
    world: {
      objects: [
        node('b'),
        object('longhorn.io/v1beta2', 'VolumeAttachment', 'pvc-1', {
          spec: { attacher: 'x', nodeName: 'z', source: {} },
        }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: the driver says that it cannot attach',
    world: { objects: [node('b'), attachment(failing(ago(30)), { created: ago(600) })] },
    says: [
      {
        verdict: 'fail',
        subject,
        severity: 'high',
        onset: { from: ago(600), to: ago(30) },
        field: 'status.attachError.message',
        facts: {
          ...facts,
          why: 'attach-error',
          message: 'rpc error: code = Internal desc = volume is faulted',
          sinceAt: Date.parse(ago(30)),
          forMs: 30_000,
        },
      },
    ],
  },
  silent('an attach that has failed for 2 minutes', [
    node('b'),
    attachment(failing(ago(5)), { created: ago(120) }),
  ]),
  fails('an attach that has failed for longer', [
    node('b'),
    attachment(failing(ago(5)), { created: ago(121) }),
  ]),
  {
    name: 'fails: it has been detaching for seven minutes, and the driver says why',
    world: {
      objects: [
        node('b'),
        attachment(
          { attached: true, detachError: { time: ago(9), message: 'still mounted' } },
          { deleted: ago(420) },
        ),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject,
        onset: { from: ago(420), to: ago(420) },
        field: 'metadata.deletionTimestamp',
        facts: {
          ...facts,
          why: 'detaching',
          message: 'still mounted',
          sinceAt: Date.parse(ago(420)),
          forMs: 420_000,
        },
      },
    ],
  },
  silent('detaching for 6 minutes, whatever the attach once said', [
    node('b'),
    attachment(failing(ago(9000)), { deleted: ago(360) }),
  ]),
  fails('detaching for longer', [node('b'), attachment({ attached: true }, { deleted: ago(361) })]),
  {
    name: 'fails: its node is dead, which is why it does not detach',
    world: {
      objects: [
        node('b', { ready: 'Unknown', since: ago(900) }),
        attachment({ attached: true }, { deleted: ago(420) }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject,
        onset: { from: null, to: ago(900) },
        field: 'status.conditions[Ready].status',
        facts: {
          ...facts,
          why: 'dead-node',
          message: '',
          sinceAt: Date.parse(ago(900)),
          forMs: 900_000,
        },
      },
    ],
  },
  silent('its node has not been ready for 60 s', [
    node('b', { ready: 'False', since: ago(60) }),
    attachment(),
  ]),
  fails('its node has not been ready for longer', [
    node('b', { ready: 'False', since: ago(61) }),
    attachment(),
  ]),
  {
    name: 'fails: its node is gone',
    world: { objects: [node('a'), attachment()] },
    says: [
      {
        verdict: 'fail',
        subject,
        onset: { from: null, to: ago(0) },
        field: 'spec.nodeName',
        facts: {
          ...facts,
          why: 'missing-node',
          message: '',
          sinceAt: Date.parse(ago(0)),
          forMs: 0,
        },
      },
    ],
  },
  silent('made 60 s ago for a node not seen yet', [attachment({}, { created: ago(60) })]),
  fails('made longer ago for a node not seen', [attachment({}, { created: ago(61) })]),
  {
    name: 'unknown: nodes may not be listed',
    world: { objects: [attachment()], deny: ['nodes'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'high', facts: { reason: 'forbidden' } }],
  },
]);
