import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { parseTime, second } from '../../lib/time.ts';
import { defineCheck, type Verdict, type View } from '../../model/check.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { type Machine, machines, sidesOf } from '../../model/machines.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { leaseState, renewalWrittenAt } from '../../model/objects/lease.ts';
import { hasRole, type Lease } from '../../model/objects/node.ts';
import { type Ref, refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

/** A kubelet gives up a renewal after this long: so much later its Lease may be written at most. */
const slowestRenewalMs: Millis = 10 * second;

export const check = defineCheck({
  code: 'EK1009',
  id: 'host/clock-skew',
  title: 'Wrong clock',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: [],
  wants: ['hosts', 'nodes', 'leases'],
  // A host by what was measured there, a node by its Lease.
  either: ['hosts', 'nodes'],
  explains: [
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.8,
      within: Infinity,
      signature: { why: ['certificate', 'server-unreachable'] },
    },
    {
      effect: 'host/kubelet-silent',
      tie: 'same-subject',
      strength: 0.7,
      within: Infinity,
      when: { far: true },
    },
  ],
  options: z.object({
    skewMs: z
      .number()
      .default(2 * second)
      .describe('how far off a clock may be, after all doubt of the measurement'),
    highMs: z
      .number()
      .default(30 * second)
      .describe('from here on it is of high severity'),
    farMs: z
      .number()
      .default(300 * second)
      .describe('from here on certificates and tokens may not be valid yet, or no longer'),
  }),
  subjects: ({ hosts, nodes, topology }) => machines(hosts, nodes, topology),
  judge(machine, view, { skewMs, highMs, farMs }) {
    const { now, leases } = view;
    const measured = [byHost(machine), byLease(machine, view)].filter((each) => each !== undefined);
    const wrong = measured.find(({ least, most }) => least > skewMs || most < -skewMs);
    if (wrong) {
      const offMs = Math.max(wrong.least, -wrong.most);
      const others = agreeing(machine, wrong, view);
      const facts = {
        name: machine.metadata.name,
        why: 'skewed',
        direction: wrong.least > 0 ? 'ahead' : 'behind',
        offMs,
        far: offMs > farMs,
        by: wrong.by,
        keeper: keeperOf(machine),
        ...(others.length > 0 && { agreeing: others }),
      };
      const severity = offMs > highMs ? 'high' : 'medium';
      const value = Math.round((wrong.least + wrong.most) / 2);
      const evidence = [{ object: wrong.object, field: wrong.field, value, at: now }];
      return { verdict: 'fail', severity, onset: { from: null, to: now }, facts, evidence };
    }
    if (machine.kind === 'Host' && machine.clock.state === 'known') return unkept(machine, now);
    if (measured.length > 0) return undefined;
    if (machine.kind === 'Host' && machine.clock.state === 'unknown') return unseen(machine.clock);
    if (leases.state === 'unknown') return unseen(leases);
    return {
      verdict: 'unknown',
      reason: 'no-answer',
      detail: 'its Lease does not move, so nothing tells what its clock says',
    };
  },
});

interface Measured {
  readonly by: 'host' | 'lease';
  /** Its clock less the API server's lies between these. */
  readonly least: Millis;
  readonly most: Millis;
  readonly object: Ref;
  readonly field: string;
}

function byHost(machine: Machine): Measured | undefined {
  if (machine.kind === 'Node' || machine.clock.state !== 'known') return undefined;
  const { offsetMs } = machine.clock.value;
  return { by: 'host', ...offsetMs, object: refOf(machine), field: 'clock.offsetMs' };
}

/** The kubelet writes its own time, the API server, in whole seconds, when it took it. */
function byLease(
  machine: Machine,
  { topology, now }: View<never, 'hosts' | 'nodes' | 'leases'>,
): Measured | undefined {
  const { node } = sidesOf(machine, topology);
  const lease: Lease | undefined = node && topology.leaseOfNode.get(node.metadata.name);
  if (!lease || leaseState(lease, now).state !== 'renewed') return undefined;
  const renewed = parseTime(lease.spec.renewTime);
  const written = renewalWrittenAt(lease);
  if (renewed === undefined || written === undefined) return undefined;
  const ahead = renewed - written;
  return {
    by: 'lease',
    least: ahead - second,
    most: ahead + slowestRenewalMs,
    object: refOf(lease),
    field: 'spec.renewTime',
  };
}

/**
 * Other agents whose clocks may say the very same, where none may agree with the API server: then it
 * may be that one's clock that is wrong. Guests of one machine have one clock, and one voice.
 */
function agreeing(
  machine: Machine,
  wrong: Measured,
  view: View<never, 'hosts' | 'nodes' | 'leases'>,
): readonly string[] {
  const { hosts, nodes, topology } = view;
  const others = machines(hosts, nodes, topology).flatMap((other) => {
    const said = byHost(other) ?? byLease(other, view);
    const isVoice = said && !isServer(other, topology) && !isSameClock(other, machine);
    return isVoice ? [{ name: other.metadata.name, said }] : [];
  });
  if (others.some(({ said }) => said.least <= 0 && said.most >= 0)) return [];
  return others
    .filter(({ said }) => said.least <= wrong.most && said.most >= wrong.least)
    .map(({ name }) => name);
}

function isServer(machine: Machine, topology: Topology): boolean {
  const { node, host } = sidesOf(machine, topology);
  if (node && hasRole(node, 'control-plane', 'master')) return true;
  return host !== undefined && k3sRole(host, topology).role === 'server';
}

function isSameClock(a: Machine, b: Machine): boolean {
  if (a === b || a.kind === 'Node' || b.kind === 'Node') return a === b;
  return !!a.declared.hypervisor && a.declared.hypervisor === b.declared.hypervisor;
}

function keeperOf(machine: Machine): string {
  if (machine.kind === 'Node' || machine.clock.state !== 'known') return 'not-seen';
  return machine.clock.value.keeper ?? 'none';
}

/** Right by now, and nobody keeps it so. A container's clock is its machine's. */
function unkept(host: Host, now: Millis): Verdict {
  const { clock, system } = host;
  if (clock.state !== 'known' || clock.value.synchronised !== false) return undefined;
  const isContainer = system.state === 'known' && system.value.container !== 'none';
  if (isContainer || clock.value.keeper === 'host') return undefined;
  return {
    verdict: 'fail',
    severity: 'medium',
    onset: { from: null, to: now },
    facts: { name: host.metadata.name, why: 'unsynchronised', keeper: keeperOf(host) },
    evidence: [{ object: refOf(host), field: 'clock.synchronised', value: false, at: now }],
  };
}
