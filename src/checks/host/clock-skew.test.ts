import { describeCheck, type Said } from '../../../test/support/cases.ts';
import { healthy } from '../../../test/support/host-cases.ts';
import { host, known, silentHost, unknown } from '../../../test/support/hosts.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './clock-skew.ts';

function off(least: number, most: number, name = 'a', changes: Partial<Host> = {}): Host {
  return host(name, {
    clock: known({ offsetMs: { least, most }, synchronised: true, keeper: 'chrony' }),
    ...changes,
  });
}

const offAs = (name: string, declared: Host['declared'] = { addresses: [] }): Host =>
  off(599_000, 601_000, name, { declared });

const server = host('srv', { k3s: healthy('k3s', { role: 'server', serverUrl: null }) });

const agreed = (name: string, agreeing: readonly string[]): Said => ({
  verdict: 'fail',
  subject: `Host/${name}`,
  facts: {
    name,
    why: 'skewed',
    direction: 'ahead',
    offMs: 599_000,
    far: true,
    by: 'host',
    keeper: 'chrony',
    ...(agreeing.length > 0 && { agreeing }),
  },
});

const skewed = (severity: Said['severity'] & string): Said[] => [
  { verdict: 'fail', subject: 'Host/a', severity },
];

/** A machine of its own whose clock nobody keeps. */
function unkept(container: string): Host {
  return host('a', {
    system: healthy('system', { container }),
    clock: known({ offsetMs: { least: -50, most: 50 }, synchronised: false }),
  });
}

/** Its kubelet's clock is so many seconds behind, and it renews. */
const behind = (seconds: number): ReturnType<typeof lease> =>
  lease('a', { renewed: ago(seconds + 5), written: ago(5) });

describeCheck(check, [
  {
    name: 'silent: right to the doubt of the measurement',
    world: { objects: [node('a'), lease('a')], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: a node that no host is declared for, by its Lease',
    world: { objects: [node('a'), lease('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: within 2 s, for all that can be told',
    world: { objects: [], hosts: [off(2000, 9000)] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: certainly more than 2 s ahead',
    world: { objects: [], hosts: [off(2001, 9000)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'medium',
        onset: { from: null, to: noon },
        field: 'clock.offsetMs',
        facts: {
          name: 'a',
          why: 'skewed',
          direction: 'ahead',
          offMs: 2001,
          far: false,
          by: 'host',
          keeper: 'chrony',
        },
      },
    ],
  },
  {
    name: 'boundary: 30 s behind, at least',
    world: { objects: [], hosts: [off(-40_000, -30_000)] },
    says: skewed('medium'),
  },
  {
    name: 'fails: more than 30 s behind',
    world: { objects: [], hosts: [off(-40_000, -30_001)] },
    says: skewed('high'),
  },
  {
    name: 'fails: a kubelet 600 s behind, told by the Lease that it keeps renewing',
    world: { objects: [node('a'), behind(600)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Node/a',
        severity: 'high',
        field: 'spec.renewTime',
        facts: {
          name: 'a',
          why: 'skewed',
          direction: 'behind',
          offMs: 589_877,
          far: true,
          by: 'lease',
          keeper: 'not-seen',
        },
      },
    ],
  },
  {
    name: 'fails: all agents say the same, so it may be the server that is wrong',
    world: { objects: [], hosts: [off(599_000, 601_000), offAs('b'), server] },
    says: [
      { ...agreed('a', ['b']), severity: 'high' },
      { ...agreed('b', ['a']), severity: 'high' },
    ],
  },
  {
    name: 'fails: guests of one machine have one clock, and one voice',
    world: {
      objects: [],
      hosts: ['a', 'b'].map((name) => offAs(name, { addresses: [], hypervisor: 'pve' })),
    },
    says: [agreed('a', []), agreed('b', [])],
  },
  {
    name: 'fails: where one agrees with the server it is the others that are wrong',
    world: { objects: [], hosts: [offAs('a'), offAs('b'), host('c'), server] },
    says: [agreed('a', []), agreed('b', [])],
  },
  {
    name: 'boundary: a renewal that took 10 s looks like a clock that is behind',
    world: { objects: [node('a'), behind(12)] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: the host is right as far as we measured, its kubelet’s word is not',
    world: { objects: [node('a'), behind(-60)], hosts: [host('a')] },
    says: [{ verdict: 'fail', subject: 'Host/a', severity: 'high', field: 'spec.renewTime' }],
  },
  {
    name: 'fails: right, and nobody keeps it so',
    world: { objects: [], hosts: [unkept('none')] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'medium',
        field: 'clock.synchronised',
        facts: { name: 'a', why: 'unsynchronised', keeper: 'none' },
      },
    ],
  },
  {
    name: 'silent: a container’s clock is kept by its machine',
    world: { objects: [], hosts: [unkept('lxc')] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: its host did not answer, its Lease is renewed and right',
    world: {
      objects: [node('a'), lease('a')],
      hosts: [silentHost('a', 'timed-out', 'no answer within 10 s')],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: the clock was not measured, and there is no node to ask',
    world: { objects: [], hosts: [host('a', { clock: unknown('date is not to be run') })] },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'forbidden' } }],
  },
  {
    name: 'unknown: a Lease that does not move says nothing of its holder’s clock',
    world: { objects: [node('a'), lease('a', { renewed: ago(700), written: ago(100) })] },
    says: [{ verdict: 'unknown', subject: 'Node/a', facts: { reason: 'no-answer' } }],
  },
  {
    name: 'unknown: Leases may not be listed',
    world: { objects: [node('a')], deny: ['leases'] },
    says: [{ verdict: 'unknown', subject: 'Node/a', facts: { reason: 'forbidden' } }],
  },
]);
