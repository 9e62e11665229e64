import { describe, expect, test } from 'vitest';
import { before, healthy } from '../support/host-cases.ts';
import { dead, failing, listed, otherHosts, stale } from '../support/host-worlds.ts';
import { type HostChanges, host, known, unit } from '../support/hosts.ts';
import type { RawObject } from '../support/snapshot.ts';
import { type Audited, audited, type Told } from './world.ts';

/** What stops k3s on a host, from its cause to what the cluster makes of it. */

/** Host `a` as it is given, beside others that are well. */
function auditedWith(objects: readonly RawObject[], a: HostChanges = {}): Audited {
  return audited({ objects, hosts: [...otherHosts, host('a', a)] });
}

/** One certain cause, and what follows, each from the one before it. */
function certain(...path: readonly string[]): Told {
  const chain = path.slice(1).map((effect, n) => `${path[n]} → ${effect}`);
  return expect.objectContaining({ certainty: 'certain', roots: path.slice(0, 1), chain });
}

const noKmsg = {
  ...failing('failed to run Kubelet: open /dev/kmsg: no such file or directory'),
  kmsg: known({ type: 'missing' as const, keptBy: [] }),
  system: healthy('system', { bootedAt: before(60) }),
};

describe('a container that was restarted without /dev/kmsg', () => {
  test('while the API still says Ready', () => {
    const told = auditedWith(stale(45), noKmsg);
    expect(told.incidents).toEqual([
      certain('host/kmsg-missing Host/a', 'host/unit-failed Host/a', 'node/lease-stale Node/a'),
    ]);
    expect(told.alone).toEqual([]);
  });

  test('when the controller has said so, down to the Service that still lists its pod', () => {
    const told = auditedWith([...dead(200), ...listed], noKmsg);
    expect(told.incidents).toEqual([
      certain(
        'host/kmsg-missing Host/a',
        'host/unit-failed Host/a',
        'node/not-ready Node/a',
        'network/endpoints-on-dead-node Service/default/web',
      ),
    ]);
    expect(told.alone).toEqual([]);
  });

  test('restarted long after its node was lost: the device is what keeps it down', () => {
    const told = auditedWith(dead(4000), noKmsg);
    expect(told.incidents.map(({ roots }) => roots)).toEqual([['host/kmsg-missing Host/a']]);
  });

  test('where units may not be looked at, the device alone', () => {
    const units = { state: 'unknown', reason: 'forbidden', detail: 'no systemctl' } as const;
    const told = auditedWith(dead(200), { ...noKmsg, units });
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
    const told = auditedWith(dead(205), stopped);
    expect(told.incidents).toEqual([certain('host/unit-stopped Host/a', 'node/not-ready Node/a')]);
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
    const told = auditedWith(dead(205), killed);
    expect(told.incidents).toEqual([certain('host/unit-failed Host/a', 'node/not-ready Node/a')]);
  });
});

describe('a configuration that k3s cannot read', () => {
  const path = '/etc/rancher/k3s/config.yaml';
  const config = [{ path, problem: 'line 4: a key without a value', modifiedAt: before(9000) }];
  const k3s = healthy('k3s', { config });

  test('is the cause of k3s that does not come up', () => {
    const broken = { ...failing('failed to load config: yaml: line 4: no'), k3s };
    const told = auditedWith(dead(205), broken);
    expect(told.incidents).toEqual([
      certain('host/config-broken Host/a', 'host/unit-failed Host/a', 'node/not-ready Node/a'),
    ]);
  });

  test('while k3s runs on, it is the cause of nothing', () => {
    const told = auditedWith(stale(5), { k3s });
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
    const told = auditedWith(dead(205), { certificates });
    expect(told.incidents).toEqual([
      certain('host/certs-expiring Host/a', 'host/kubelet-silent Host/a', 'node/not-ready Node/a'),
    ]);
  });
});

describe('a clock', () => {
  const far = -400 * 86_400_000;
  const offsetMs = { least: far - 100, most: far + 100 };

  test('more than a year behind: no certificate is valid yet', () => {
    const clock = known({ offsetMs, synchronised: false, keeper: null });
    const told = auditedWith(dead(205), { clock });
    expect(told.incidents).toEqual([
      certain('host/clock-skew Host/a', 'host/kubelet-silent Host/a', 'node/not-ready Node/a'),
    ]);
  });

  test('600 s behind: its Lease looks old, is renewed, and nothing follows', () => {
    const objects = stale(5).map((each) =>
      each.kind === 'Lease' && each.metadata.name === 'a'
        ? { ...each, spec: { ...(each['spec'] as object), renewTime: '2026-03-01T11:49:55.1Z' } }
        : each,
    );
    const told = auditedWith(objects);
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
