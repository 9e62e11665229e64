import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases } from '../../../test/support/host-cases.ts';
import { host, known, unit } from '../../../test/support/hosts.ts';
import { lease, node } from '../../../test/support/objects.ts';
import { ago, noon } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './firewall.ts';

type Firewall = (Host['firewall'] & { state: 'known' })['value'];

function behind(changes: Partial<Firewall>, interfaces: string[] = ['eth0', 'flannel.1']): Host {
  const base = host('a');
  const [eth0] = base.interfaces.state === 'known' ? base.interfaces.value : [];
  if (!eth0 || base.firewall.state !== 'known') throw new Error('the builder knows them');
  return host('a', {
    firewall: known({ ...base.firewall.value, ...changes }),
    interfaces: known(interfaces.map((name) => ({ ...eth0, name }))),
  });
}

const networks = ['10.42.0.0/16', '10.43.0.0/16'];
const none = { nft: 0, legacy: 0 };

describeCheck(check, [
  {
    name: 'silent: no front, and rules of kube-proxy in one table',
    world: { objects: [], hosts: [behind({})] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: ufw lets in all that the cluster needs',
    world: {
      objects: [],
      hosts: [behind({ fronts: ['ufw'], allows: [...networks, '8472/udp', '10250/tcp', '22'] })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: firewalld trusts all of the nodes’ network',
    world: {
      objects: [node('a'), node('b')],
      hosts: [behind({ fronts: ['firewalld'], allows: ['10.0.0.0/8', '192.168.10.0/24'] })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: the cluster’s networks are others, as its options say',
    world: {
      objects: [],
      hosts: [behind({ fronts: ['ufw'], allows: ['10.9.0.0/16', '8472/udp', '10250'] })],
    },
    options: { networks: ['10.9.0.0/16'] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: ufw knows nothing of the cluster',
    world: {
      objects: [node('b')],
      hosts: [behind({ fronts: ['ufw'], allows: ['22/tcp', '10.43.0.0/16'] })],
    },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: noon },
        field: 'firewall.allows',
        facts: {
          name: 'a',
          why: 'front',
          fronts: ['ufw'],
          allows: ['22/tcp', '10.43.0.0/16'],
          missing: ['10.42.0.0/16', '8472/udp', '10250/tcp'],
          nftChains: 40,
          legacyChains: 0,
          backend: 'nft',
        },
      },
    ],
  },
  {
    name: 'boundary: without a tunnel nobody needs its port',
    world: {
      objects: [],
      hosts: [behind({ fronts: ['ufw'], allows: [...networks, '10250'] }, ['eth0'])],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: a kubelet’s own hint in the other table',
    world: { objects: [], hosts: [behind({ kubeChains: { nft: 40, legacy: 3 } })] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: rules in both tables',
    world: { objects: [], hosts: [behind({ kubeChains: { nft: 40, legacy: 4 } })] },
    says: [{ verdict: 'fail', subject: 'Host/a', field: 'firewall.kubeChains' }],
  },
  {
    name: 'fails: rules flushed away under a running kubelet',
    world: { objects: [], hosts: [behind({ kubeChains: none, kubeProxyNftTable: false })] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        facts: {
          name: 'a',
          why: 'flushed',
          fronts: [],
          allows: [],
          missing: [],
          nftChains: 0,
          legacyChains: 0,
          backend: 'nft',
        },
      },
    ],
  },
  {
    name: 'silent: k3s ends and starts again and again, and its rules are not written yet',
    world: {
      objects: [],
      hosts: [
        {
          ...behind({ kubeChains: none, kubeProxyNftTable: false }),
          units: known([unit('k3s-agent.service', { activeState: 'activating', restarts: 1 })]),
        },
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'boundary: k3s has run for less than two minutes',
    world: {
      objects: [],
      hosts: [
        {
          ...behind({ kubeChains: none, kubeProxyNftTable: false }),
          units: known([unit('k3s-agent.service', { activeSinceAt: before(119) })]),
        },
      ],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'unknown: no rules, and whether k3s runs was not seen',
    world: {
      objects: [],
      hosts: [
        {
          ...behind({ kubeChains: none, kubeProxyNftTable: false }),
          units: { state: 'unknown', reason: 'timed-out', detail: 'systemctl does not answer' },
        },
      ],
    },
    says: [{ verdict: 'unknown', subject: 'Host/a', facts: { reason: 'timed-out' } }],
  },
  {
    name: 'silent: its kubelet is not heard, so kube-proxy could not ask either',
    world: {
      objects: [node('a', { ready: 'Unknown', since: ago(60) }), lease('a', { renewed: ago(110) })],
      hosts: [behind({ kubeChains: none, kubeProxyNftTable: false })],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: kube-proxy in nftables mode has a table of its own',
    world: { objects: [], hosts: [behind({ kubeChains: none, kubeProxyNftTable: true })] },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: Cilium in place of kube-proxy',
    world: {
      objects: [],
      hosts: [behind({ kubeChains: none, kubeProxyNftTable: false }, ['eth0', 'cilium_host'])],
    },
    says: [],
    judged: 1,
  },
  {
    name: 'silent: one of the tables could not be asked',
    world: { objects: [], hosts: [behind({ kubeChains: { nft: 0 } })] },
    says: [],
    judged: 1,
  },
  ...darkCases('high'),
]);
