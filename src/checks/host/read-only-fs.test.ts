import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases } from '../../../test/support/host-cases.ts';
import { host, known } from '../../../test/support/hosts.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { FileSystem } from '../../model/objects/host/disk.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './read-only-fs.ts';

function mounted(changes: Partial<FileSystem>): Pick<Host, 'fileSystems'> {
  const { fileSystems } = host('a');
  const [root] = fileSystems.state === 'known' ? fileSystems.value : [];
  if (!root) throw new Error('the builder knows it');
  return { fileSystems: known([{ ...root, ...changes }]) };
}

const readOnly = mounted({ options: ['ro', 'relatime'] });
const text = 'EXT4-fs (loop1): Remounting filesystem read-only';
const records = [{ class: 'read-only' as const, at: before(300), count: 1, text }];
const facts = {
  name: 'a',
  mount: '/',
  mounts: ['/'],
  source: '/dev/loop1',
  holds: ['root', 'kubelet', 'containerd', 'logs'],
  kernelSays: '',
};

describeCheck(check, [
  {
    name: 'silent: all can be written to',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: read-only by design, and nothing of k3s lies there',
    world: { objects: [], hosts: [host('a', mounted({ options: ['ro'], holds: [] }))] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: `errors=remount-ro` is what it would do',
    world: { objects: [], hosts: [host('a', mounted({ options: ['rw', 'errors=remount-ro'] }))] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: it cannot be written to',
    world: { objects: [], hosts: [host('a', readOnly)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'critical',
        onset: { from: null, to: noon },
        field: 'fileSystems[/].options',
        facts,
      },
    ],
  },
  {
    name: 'fails: the kernel said when',
    world: {
      objects: [],
      hosts: [
        host('a', {
          ...readOnly,
          kernel: known({ source: 'kmsg', records, read: 9, shared: false }),
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        onset: { from: null, to: ago(300) },
        facts: { ...facts, kernelSays: text },
      },
    ],
  },
  {
    name: 'silent: the root of an immutable system, and all that k3s writes lies elsewhere',
    world: { objects: [], hosts: [host('a', mounted({ options: ['ro'], holds: ['root'] }))] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: the same, and the kernel said that it made it so',
    world: {
      objects: [],
      hosts: [
        host('a', {
          ...mounted({ options: ['ro'], holds: ['root'] }),
          kernel: known({ source: 'kmsg', records, read: 9, shared: true }),
        }),
      ],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: { ...facts, holds: ['root'], kernelSays: text },
      },
    ],
  },
  {
    name: 'fails: what a log that guests share says of another disk is not said of this one',
    world: {
      objects: [],
      hosts: [
        host('a', {
          ...readOnly,
          kernel: known({
            source: 'kmsg',
            records: records.map((each) => ({ ...each, text: text.replace('loop1', 'loop9') })),
            read: 9,
            shared: true,
          }),
        }),
      ],
    },
    says: [{ verdict: 'fail', subject: 'Host/a', onset: { from: null, to: noon }, facts }],
  },
  ...darkCases('critical'),
]);
