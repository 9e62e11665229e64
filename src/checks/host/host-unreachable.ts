import * as z from 'zod';
import type { Millis } from '../../lib/clock.ts';
import { defineCheck } from '../../model/check.ts';
import { k3sRole } from '../../model/kubernetes/k3s-role.ts';
import { isHeard, kubeletWord } from '../../model/kubernetes/kubelet-word.ts';
import { losesHaproxyAtOnce } from '../../model/kubernetes/node-haproxy.ts';
import { silencesNode, stopsServer } from '../../model/kubernetes/silenced.ts';
import { containerState } from '../../model/objects/host/container-state.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unknownReasonOf, type Way, type WayFailure } from '../../model/objects/host/reach.ts';
import { refOf } from '../../model/ref.ts';
import type { Topology } from '../../model/topology.ts';

/**
 * Failures of the way itself. After any other, or where it is known to be there, it is we who could
 * not look.
 */
const silences: ReadonlySet<WayFailure> = new Set<WayFailure>([
  'refused',
  'timed-out',
  'unreachable',
  'cut',
]);

/** One that refuses is there, and so is its link. */
const mute = /^(?!refused$)/;
/** One that others hear is there as well. */
const maybeOff = { why: mute, alive: false };

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
    ...losesHaproxyAtOnce('host').map((each) => ({ ...each, when: { alive: false } })),
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
      ...['a stopped container', 'the host being off'].map(
        (name) =>
          ({ name, when: maybeOff, tie: 'node-host', shownBy: ['node/lease-stale'] }) as const,
      ),
      { name: 'its link', when: { why: mute } },
      { name: 'its ssh server', decide: 'ssh -v {name} true' },
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
    // A way that leads through a silent host says nothing of what lies behind: the API may.
    if (!isSilent(reach.reason, ways) && !(reach.reason === 'through' && word.state === 'silent')) {
      return { verdict: 'unknown', reason: unknownReasonOf(reach.reason), detail: reach.detail };
    }
    return {
      verdict: 'fail',
      severity: declared.optional ? 'low' : 'high',
      onset: { from: null, to: word.state === 'silent' ? word.silentAt : now },
      facts: {
        name: metadata.name,
        why: reach.reason,
        ...spoken(host),
        ways: ways.filter(({ outcome }) => outcome !== 'not-tried').map(wayText),
        node: node?.metadata.name ?? '',
        kubelet: node ? word.state : 'no-node',
        alive: word.state === 'heard' || hasLiveGuest(host, topology, now),
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

/** What stands on it answers, or is heard by the API server: then it cannot be off itself. */
function hasLiveGuest({ metadata }: Host, topology: Topology, now: Millis): boolean {
  const guests = topology.guestsOf.get(metadata.name) ?? [];
  return guests.some((guest) => isHeard(guest, topology, now));
}

/** The ways decide, where any was tried: they alone know how far they had come. */
function isSilent(reason: WayFailure, ways: readonly Way[]): boolean {
  if (ways.some(({ present }) => present)) return false;
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
