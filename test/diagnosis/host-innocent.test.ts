import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/model/objects/host/host.ts';
import type { KernelClass } from '../../src/model/objects/host/kernel.ts';
import { before } from '../support/host-cases.ts';
import { dead, otherHosts, others } from '../support/host-worlds.ts';
import { host, known, unit, unknown } from '../support/hosts.ts';
import { at, log, record, usbNic, veth } from '../support/links.ts';
import { lease, node } from '../support/objects.ts';
import { ago, type RawObject } from '../support/snapshot.ts';
import { type Audited, audited } from './world.ts';

/** A fault of a machine that is not the cause of what its node shows beside it. */

function seen(objects: readonly RawObject[], ...hosts: readonly Host[]): Audited {
  const access = { outcome: 'ok', server: 'https://192.0.2.10:6443' };
  return audited({ objects, hosts: [...otherHosts, ...hosts], access });
}

describe('one kernel log for all guests of a machine', () => {
  const shared = (name: KernelClass, text: string): Host['kernel'] => {
    const { value } = log([{ ...record(name, 600), about: 'other', text }]);
    return known({ ...value, shared: true });
  };

  test('another’s kill is a note on a well node', () => {
    const kernel = shared('oom-kill', 'Memory cgroup out of memory: Killed process 9 (other)');
    const { incidents, result } = seen([...others, node('a'), lease('a')], host('a', { kernel }));
    expect(incidents).toEqual([]);
    const severities = result.findings.flatMap((each) =>
      each.check === 'host/oom-kills' && each.verdict === 'fail' ? [each.severity] : [],
    );
    expect(severities).toEqual(['low']);
  });

  test('another’s hung process is not why a kubelet is silent', () => {
    const kernel = shared('hung-task', 'INFO: task other:9 blocked for more than 120 seconds.');
    const { incidents } = seen(dead(600), host('a', { kernel }));
    expect(incidents.map(({ roots }) => roots)).toEqual([['host/kubelet-silent Host/a']]);
  });
});

describe('two faults, of which one explains the node', () => {
  test('an uplink that is spare is down, and k3s is stopped', () => {
    const spare = usbNic({ name: 'eno2', bus: 'pci', operstate: 'down', carrier: false });
    const { incidents, alone } = seen(
      [...others, at('a', '192.0.2.11'), lease('a', { renewed: ago(60) })],
      host('a', {
        units: known([
          unit('k3s-agent.service', {
            activeState: 'inactive',
            activeSinceAt: undefined,
            exitedAt: before(65),
            stateChangedAt: before(65),
          }),
        ]),
        interfaces: known([veth(), spare]),
        baseline: { recordedAt: before(86_400), uplink: { name: 'eno2', index: 3 } },
      }),
    );
    expect(incidents.map(({ roots }) => roots)).toEqual([['host/unit-stopped Host/a']]);
    expect(alone).toEqual(['link/link-down Link/a/eno2']);
  });

  test('a disk with little room, on a host whose k3s nobody may look at', () => {
    const [root] = (host('a').fileSystems as { value: object[] }).value;
    const fileSystems = known([{ ...root, availableBytes: 8e9 }]) as Host['fileSystems'];
    const { incidents } = seen(dead(600), host('a', { units: unknown('no'), fileSystems }));
    expect(incidents[0]?.roots).toEqual(['node/not-ready Node/a']);
    expect(incidents.flatMap(({ chain }) => chain)).toEqual([]);
  });
});
