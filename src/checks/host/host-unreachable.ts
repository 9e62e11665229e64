import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { defineCheck } from '../../model/check.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { type KubeletWord, kubeletWord } from '../../model/kubernetes/kubelet-word.ts';
import { losesHaproxyAtOnce } from '../../model/kubernetes/node-haproxy.ts';
import { silencesNode, stopsServer } from '../../model/kubernetes/silenced.ts';
import { containerState } from '../../model/objects/host/container-state.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unknownReasonOf, type Way, type WayFailure } from '../../model/objects/host/reach.ts';
import { renewalWrittenAt } from '../../model/objects/lease.ts';
import type { Node } from '../../model/objects/node.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

/** Failures of the way itself. */
const silences: ReadonlySet<WayFailure> = new Set<WayFailure>([
  'refused',
  'timed-out',
  'unreachable',
  'cut',
]);

/** What only a host that is there can do to us over ssh: it is we who could not look. */
const answers: ReadonlySet<Way['outcome']> = new Set<Way['outcome']>([
  'denied',
  'host-key-changed',
  'no-sudo',
  'malformed',
  'output-too-large',
]);

/** One that refuses is there, and so is its link. */
const mute = /^(?!refused$)/;
/** One that others hear is there as well. */
const maybeOff = { why: mute, alive: false };
const sshServer = { name: 'its ssh server', decide: 'ssh -v {name} true' };

export const check = defineCheck({
  code: 'EK1022',
  id: 'host/host-unreachable',
  title: 'Host out of reach',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes', 'leases'],
  explains: [
    ...silencesNode(0.9),
    ...losesHaproxyAtOnce('host', { why: mute, alive: false }),
    ...stopsServer,
    {
      effect: 'host/host-unreachable',
      tie: 'host-guests',
      strength: 0.9,
      within: Infinity,
      when: { alive: false },
    },
  ],
  unseen: {
    candidates: [
      { name: 'a stopped container', when: maybeOff },
      { name: 'the host being off', when: maybeOff },
      { name: 'its link', when: { why: mute } },
      // It takes no kubelet with it: of one that refuses us, and that nobody hears, more is wrong.
      {
        name: 'what keeps down both its ssh server and its kubelet',
        when: { why: 'refused', kubelet: 'silent' },
        decide: 'ping -c 3 {name}; then its console',
      },
      { ...sshServer, when: { why: 'refused', kubelet: ['heard', 'unknown', 'no-node'] } },
      { ...sshServer, when: { why: mute } },
    ],
    decide: 'ping -c 3 {name}',
    shared: [
      { what: 'a switch', as: 'switch' },
      { what: 'a hypervisor', as: 'hypervisor', decide: 'ping -c 3 {name}' },
      { what: 'a power supply' },
      { what: 'the way from here to all of them', as: 'our-way' },
    ],
    // One that refuses is there, or is heard by others, and so is all that it stands on.
    sharedWhen: { why: ['timed-out', 'unreachable', 'cut', 'through'], alive: false },
  },
  options: z.object({}),
  subjects: ({ hosts }) => hosts,
  judge(host, { now, topology }) {
    const { reach, ways, declared, metadata } = host;
    // A container that does not run has a finding of its own.
    if (reach.state === 'answered' || containerState(host)) return undefined;
    const node = topology.nodeOfHost.get(metadata.name);
    const word = kubeletWord(node?.metadata.name, topology, now);
    const since = reach.askedAt ?? reach.at;
    // A way that leads through a silent host says nothing of what lies behind: the API may.
    if (!isSilent(reach.reason, ways) && !(reach.reason === 'through' && word.state === 'silent')) {
      return { verdict: 'unknown', reason: unknownReasonOf(reach.reason), detail: reach.detail };
    }
    return {
      verdict: 'fail',
      severity: declared.optional ? 'low' : 'high',
      onset: { from: null, to: word.silentAt },
      facts: {
        name: metadata.name,
        why: reach.reason,
        ...spoken(host),
        ways: ways.filter(({ outcome }) => outcome !== 'not-tried').map(wayText),
        node: node?.metadata.name ?? '',
        kubelet: kubeletFact(node, word.state, since, topology),
        alive: isAlive(host, since, topology),
        hypervisor: declared.hypervisor ?? '',
        switch: declared.switch ?? '',
        ...k3sRole(host, topology),
      },
      evidence: ways
        .filter(({ outcome }) => outcome !== 'not-tried')
        .map(({ name, outcome }) => ({
          object: refOf(host),
          field: `ways[${name}].outcome`,
          value: outcome,
          at: now,
        })),
    };
  },
});

/**
 * Whether the API server heard of the node after we had begun to ask its host: a Lease looks well for
 * 40 s after a machine has died.
 */
function wasHeard(node: Node | undefined, since: Millis, topology: Topology): boolean {
  const lease = node && topology.leaseOfNode.get(node.metadata.name);
  if (!lease) return false;
  return (lease.window?.renewals ?? 0) > 0 || (renewalWrittenAt(lease) ?? 0) >= since;
}

function kubeletFact(
  node: Node | undefined,
  word: KubeletWord['state'],
  since: Millis,
  topology: Topology,
): KubeletWord['state'] | 'no-node' {
  if (!node) return 'no-node';
  return word === 'heard' && !wasHeard(node, since, topology) ? 'unknown' : word;
}

/** It was heard, or what stands on it was, or answers: then it cannot be off itself. */
function isAlive({ metadata: { name } }: Host, since: Millis, topology: Topology): boolean {
  const heard = (on: string): boolean => wasHeard(topology.nodeOfHost.get(on), since, topology);
  const guests = topology.guestsOf.get(name) ?? [];
  const live = guests.some(
    ({ reach, metadata }) => reach.state === 'answered' || heard(metadata.name),
  );
  return live || heard(name);
}

/** The ways decide, where any was tried: they alone know how far they had come. */
function isSilent(reason: WayFailure, ways: readonly Way[]): boolean {
  const isThere = ({ transport, outcome, present }: Way): boolean =>
    present === true || (transport === 'ssh' && answers.has(outcome));
  if (ways.some(isThere)) return false;
  return ways.length > 0 ? ways.some(isSilence) : silences.has(reason);
}

/** The transport that failed to answer, and how, in the words of the system. */
function spoken({ reach, ways }: Host): { readonly over: string; readonly problem: string } {
  const said = reach.state === 'silent' ? reach : { reason: '', detail: '' };
  const way = ways.find(isSilence) ?? ways.find(({ outcome }) => outcome === said.reason);
  if (!way) return { over: '', problem: said.detail };
  const over = way.transport === 'local' || way.transport === 'replay' ? '' : way.transport;
  if (way.outcome === 'through') return { over, problem: throughText(way.detail ?? '') };
  return { over, problem: way.detail || (words[way.outcome] ?? way.outcome) };
}

const words: { readonly [O in Way['outcome']]?: string } = {
  refused: 'connection refused',
  'timed-out': 'no answer in time',
  unreachable: 'no route to host',
  cut: 'the connection was cut',
};

/** `pve: timed-out: the login is not answered` */
function throughText(detail: string): string {
  const [, through = 'the host', outcome = ''] = /^(.+?): ([a-z-]+)(?:: |$)/.exec(detail) ?? [];
  const isThere = outcome === 'denied' || outcome === 'no-sudo' || outcome === 'host-key-changed';
  return `${through} on the way there ${isThere ? 'does not let us in' : 'does not answer'}`;
}

function isSilence({ outcome }: Way): boolean {
  return outcome !== 'answered' && outcome !== 'not-tried' && silences.has(outcome);
}

function wayText({ name, outcome }: Way): string {
  return `${name}: ${outcome}`;
}
