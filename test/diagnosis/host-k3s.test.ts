import { describe, expect, test } from 'vitest';
import { before, healthy } from '../support/host-cases.ts';
import { dead, failing, listed, otherHosts, stale } from '../support/host-worlds.ts';
import { host, known, unit } from '../support/hosts.ts';
import { audited } from './world.ts';

/** What stops k3s on a host, from its cause to what the cluster makes of it. */

const noKmsg = {
  ...failing('failed to run Kubelet: open /dev/kmsg: no such file or directory'),
  kmsg: known({ type: 'missing' as const, keptBy: [] }),
  system: healthy('system', { bootedAt: before(60) }),
};

describe('a container that was restarted without /dev/kmsg', () => {
  test('while the API still says Ready', () => {
    const told = audited({ objects: stale(45), hosts: [...otherHosts, host('a', noKmsg)] });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/kmsg-missing Host/a'],
      chain: [
        'host/kmsg-missing Host/a → host/unit-failed Host/a',
        'host/unit-failed Host/a → node/lease-stale Node/a',
      ],
    });
    expect(told.alone).toEqual([]);
  });

  test('when the controller has said so, down to the Service that still lists its pod', () => {
    const objects = [...dead(200), ...listed];
    const told = audited({ objects, hosts: [...otherHosts, host('a', noKmsg)] });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/kmsg-missing Host/a'],
      chain: [
        'host/kmsg-missing Host/a → host/unit-failed Host/a',
        'host/unit-failed Host/a → node/not-ready Node/a',
        'node/not-ready Node/a → network/endpoints-on-dead-node Service/default/web',
      ],
    });
    expect(told.alone).toEqual([]);
  });

  test('restarted long after its node was lost: the device is what keeps it down', () => {
    const told = audited({ objects: dead(4000), hosts: [...otherHosts, host('a', noKmsg)] });
    expect(told.incidents.map(({ roots }) => roots)).toEqual([['host/kmsg-missing Host/a']]);
  });

  test('where units may not be looked at, the device alone', () => {
    const units = { state: 'unknown', reason: 'forbidden', detail: 'no systemctl' } as const;
    const hosts = [...otherHosts, host('a', { ...noKmsg, units })];
    const told = audited({ objects: dead(200), hosts });
    expect(told.incidents.map(({ roots, chain }) => ({ roots, chain }))).toEqual([
      {
        roots: ['host/kmsg-missing Host/a'],
        chain: ['host/kmsg-missing Host/a → node/not-ready Node/a'],
      },
    ]);
  });
});

describe('k3s stopped by hand', () => {
  const stopped = {
    units: known([
      unit('k3s-agent.service', {
        activeState: 'inactive',
        subState: 'dead',
        exitedAt: before(203),
        stateChangedAt: before(203),
      }),
    ]),
  };

  test('is the certain cause', () => {
    const told = audited({ objects: dead(205), hosts: [...otherHosts, host('a', stopped)] });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/unit-stopped Host/a'],
      chain: ['host/unit-stopped Host/a → node/not-ready Node/a'],
    });
  });
});

describe('a kubelet that is killed in a loop', () => {
  const killed = failing('Node controller sync successful', {
    activeState: 'active',
    subState: 'running',
    activeSinceAt: before(2),
    result: 'signal',
    exitSignal: 'KILL',
  });

  test('is caught though its unit runs at that moment', () => {
    const told = audited({ objects: dead(205), hosts: [...otherHosts, host('a', killed)] });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/unit-failed Host/a'],
      chain: ['host/unit-failed Host/a → node/not-ready Node/a'],
    });
  });
});

describe('a configuration that k3s cannot read', () => {
  const path = '/etc/rancher/k3s/config.yaml';
  const config = [{ path, problem: 'line 4: a key without a value', modifiedAt: before(9000) }];
  const k3s = healthy('k3s', { config });

  test('is the cause of k3s that does not come up', () => {
    const broken = { ...failing('failed to load config: yaml: line 4: no'), k3s };
    const told = audited({ objects: dead(205), hosts: [...otherHosts, host('a', broken)] });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/config-broken Host/a'],
      chain: [
        'host/config-broken Host/a → host/unit-failed Host/a',
        'host/unit-failed Host/a → node/not-ready Node/a',
      ],
    });
  });

  test('while k3s runs on, it is the cause of nothing', () => {
    const objects = [...stale(5)];
    const told = audited({ objects, hosts: [...otherHosts, host('a', { k3s })] });
    expect(told.incidents).toEqual([]);
    expect(told.alone).toEqual(['host/config-broken Host/a']);
  });
});

describe('an expired certificate', () => {
  const certificates = known([
    {
      path: '/var/lib/rancher/k3s/agent/client-kubelet.crt',
      subject: 'O=system:nodes, CN=system:node:a',
      notBefore: before(400 * 86_400),
      notAfter: before(210),
    },
  ]);

  test('is the cause of k3s that runs in silence', () => {
    const told = audited({
      objects: dead(205),
      hosts: [...otherHosts, host('a', { certificates })],
    });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/certs-expiring Host/a'],
      chain: [
        'host/certs-expiring Host/a → host/kubelet-silent Host/a',
        'host/kubelet-silent Host/a → node/not-ready Node/a',
      ],
    });
  });
});

describe('a clock', () => {
  const far = -400 * 86_400_000;
  const offsetMs = { least: far - 100, most: far + 100 };

  test('more than a year behind: no certificate is valid yet', () => {
    const clock = known({ offsetMs, synchronised: false, keeper: null });
    const told = audited({ objects: dead(205), hosts: [...otherHosts, host('a', { clock })] });
    expect(told.incidents).toHaveLength(1);
    expect(told.incidents[0]).toMatchObject({
      certainty: 'certain',
      roots: ['host/clock-skew Host/a'],
      chain: [
        'host/clock-skew Host/a → host/kubelet-silent Host/a',
        'host/kubelet-silent Host/a → node/not-ready Node/a',
      ],
    });
  });

  test('600 s behind: its Lease looks old, is renewed, and nothing follows', () => {
    const objects = stale(5).map((each) =>
      each.kind === 'Lease' && each.metadata.name === 'a'
        ? { ...each, spec: { ...(each['spec'] as object), renewTime: '2026-03-01T11:49:55.1Z' } }
        : each,
    );
    const told = audited({ objects, hosts: [...otherHosts, host('a')] });
    expect(told.incidents).toEqual([]);
    expect(told.alone).toEqual(['host/clock-skew Host/a']);
  });
});

describe('a cluster in good health, with its hypervisor', () => {
  test('is called neither broken nor at risk by what its hosts show', () => {
    const pve = host('pve', { units: known([]), k3s: { state: 'absent' } });
    const told = audited({ objects: stale(5), hosts: [...otherHosts, host('a'), pve] });
    expect(told.incidents).toEqual([]);
    expect(told.alone).toEqual([]);
    const spoken = told.result.findings.filter(({ check }) => check.startsWith('host/'));
    expect(spoken).toEqual([]);
  });
});
