import { describeCheck } from '../../../test/support/cases.ts';
import { event, node, pod } from '../../../test/support/objects.ts';
import { ago, type RawObject } from '../../../test/support/snapshot.ts';
import type { Facts } from '../../model/finding.ts';
import { check } from './image-pull-slow.ts';

type Fields = { readonly [name: string]: unknown };

const image = 'nvcr.io/nvidia/dcgm:3';
const creating = {
  ready: false,
  started: false,
  state: { waiting: { reason: 'ContainerCreating' } },
};
const dcgm = (shape: Fields = {}): RawObject =>
  pod('dcgm', {
    node: 'k3s3',
    phase: 'Pending',
    ready: false,
    since: ago(4000),
    container: creating,
    ...shape,
  });
const about = { kind: 'Pod', namespace: 'default', name: 'dcgm' };
const pulling = (last: string, shape: Fields = {}): RawObject =>
  event('dcgm.1', {
    about,
    type: 'Normal',
    reason: 'Pulling',
    message: `Pulling image "${image}"`,
    first: ago(3900),
    last,
    ...shape,
  });
const pulled = (shape: Fields = {}): RawObject =>
  event('dcgm.2', {
    about,
    type: 'Normal',
    reason: 'Pulled',
    message: `Successfully pulled image "${image}" in 4m2s (4m2s including waiting). Image size: 812345678 bytes.`,
    last: ago(600),
    ...shape,
  });
const world = (...objects: readonly RawObject[]) => ({ objects: [node('k3s3'), ...objects] });
const fails = (seconds: number, facts: Facts = {}) => ({
  verdict: 'fail' as const,
  subject: 'Pod/default/dcgm',
  facts: {
    name: 'dcgm',
    namespace: 'default',
    node: 'k3s3',
    image,
    sinceAt: Date.parse(ago(seconds)),
    forMs: seconds * 1000,
    notSeen: [],
    ...facts,
  },
});

describeCheck(check, [
  {
    name: 'silent: the image has come; another container waits for nothing that is on record',
    world: world(
      dcgm(),
      pulling(ago(900)),
      pulled(),
      pod('web', {
        node: 'k3s3',
        phase: 'Pending',
        ready: false,
        since: ago(90),
        container: creating,
      }),
    ),
    says: [],
    judged: 2,
  },
  {
    name: 'fails: pulling for 15 minutes, its size known from another node',
    world: world(dcgm(), pulling(ago(900)), pulled({ about: { ...about, name: 'dcgm-other' } })),
    says: [
      {
        verdict: 'fail',
        subject: 'Pod/default/dcgm',
        severity: 'info',
        onset: { from: ago(900), to: ago(900) },
        field: 'status.containerStatuses[main].state.waiting.reason',
        facts: {
          name: 'dcgm',
          namespace: 'default',
          node: 'k3s3',
          image,
          imageSizeBytes: 812_345_678,
          sinceAt: Date.parse(ago(900)),
          forMs: 900_000,
          notSeen: [],
        },
      },
    ],
  },
  {
    name: 'boundary: just under 2 minutes',
    world: world(dcgm(), pulling(ago(119))),
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: 2 minutes',
    world: world(dcgm(), pulling(ago(120))),
    says: [{ ...fails(120), severity: 'info' }],
  },
  {
    name: 'boundary: just under 30 minutes is information',
    world: world(dcgm(), pulling(ago(1799))),
    says: [{ ...fails(1799), severity: 'info' }],
  },
  {
    name: 'boundary: from 30 minutes on it is a finding',
    world: world(dcgm(), pulling(ago(1800))),
    says: [{ ...fails(1800), severity: 'medium' }],
  },
  {
    name: 'fails: an init container; the image of another container has come, this one again has not',
    world: world(
      dcgm({
        container: { ...creating, state: { waiting: { reason: 'PodInitializing' } } },
        initContainerStatuses: [
          {
            name: 'wait',
            image,
            ...creating,
            restartCount: 0,
            state: { waiting: { reason: 'PodInitializing' } },
          },
        ],
      }),
      pulling(ago(900)),
      pulled({ last: ago(901) }),
      pulled({ message: 'Container image "busybox:1" already present on machine' }),
    ),
    says: [
      {
        ...fails(900, { imageSizeBytes: 812_345_678 }),
        field: 'status.initContainerStatuses[wait].state.waiting.reason',
      },
    ],
  },
  {
    name: 'silent: it came in that very second',
    world: world(dcgm(), pulling(ago(900)), pulled({ last: ago(900) })),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: the pull failed, and that is another finding',
    world: world(
      dcgm(),
      pulling(ago(900)),
      pulled({
        type: 'Warning',
        reason: 'Failed',
        message: `Failed to pull image "${image}": EOF`,
      }),
    ),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: the pull was that of an earlier pod of its name',
    world: world(
      dcgm({ since: ago(90) }),
      pulling(ago(900), { about: { ...about, uid: 'earlier' } }),
    ),
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a running, a finished and a deleted pod are not waiting for an image',
    world: world(
      pod('calm', { node: 'k3s3' }),
      dcgm({ phase: 'Failed' }),
      dcgm({ deleted: ago(5) }),
      pulling(ago(900)),
    ),
    says: [],
    judged: 0,
  },
  {
    name: 'silent: a dead node pulls nothing any more, nor does one that is gone',
    world: {
      objects: [
        node('k3s3', { ready: 'Unknown', since: ago(300) }),
        dcgm(),
        pulling(ago(900)),
        dcgm({ node: 'k3s9' }),
      ],
    },
    says: [],
    judged: 0,
  },
  {
    name: 'fails: nodes may not be listed, so the node may be dead',
    world: { ...world(dcgm(), pulling(ago(900))), deny: ['nodes'] },
    says: [fails(900, { notSeen: ['nodes: not allowed in this test'] })],
  },
  {
    name: 'boundary: it waits for an hour and no event is left',
    world: world(dcgm({ since: ago(3600) })),
    says: [{ verdict: 'unknown', subject: 'Pod/default/dcgm', facts: { reason: 'too-old' } }],
  },
  {
    name: 'boundary: within an hour its events would be there',
    world: world(dcgm({ since: ago(3599) })),
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: events may not be listed',
    world: { ...world(dcgm(), pulling(ago(900))), deny: ['events'] },
    says: [{ verdict: 'unknown', subject: '', severity: 'medium' }],
  },
]);
