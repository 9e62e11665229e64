import * as z from 'zod';
import { minute } from '../../lib/time.ts';
import { baselineDevice, type DeviceProof } from '../../model/baseline-device.ts';
import { defineCheck, type Verdict } from '../../model/check.ts';
import type { Evidence } from '../../model/finding.ts';
import { linkRef, linkSubject } from '../../model/hosts.ts';
import { losesHaproxyAtOnce } from '../../model/kubernetes/node-haproxy.ts';
import { linkBroken } from '../../model/link-effects.ts';
import {
  bootedWithin,
  type LinkSubject,
  ofClass,
  unseenLinks,
  uplinkSubjects,
} from '../../model/links.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { KernelRecord } from '../../model/objects/host/kernel.ts';
import { unseen } from '../../model/objects/host/look.ts';
import type { Interface } from '../../model/objects/host/net.ts';
import type { Node } from '../../model/objects/node.ts';
import {
  addressesOn,
  hasDefaultRoute,
  holdsNodeAddress,
  interfaceNamed,
  internalAddresses,
} from '../../model/uplink.ts';

/** An uplink's name that is no longer its device's. */
interface Renaming {
  readonly host: Host;
  /** The name that configuration goes by. */
  readonly name: string;
  /** `renamed`: the device has another name. `replaced`: its name is another device's. */
  readonly how: 'renamed' | 'replaced';
  /** The device under its other name, or whatever has its name now. */
  readonly device: Interface;
  readonly proof: DeviceProof | 'kernel-log';
  readonly record?: KernelRecord | undefined;
}

export const check = defineCheck({
  code: 'EK0005',
  id: 'link/interface-renamed',
  title: 'Uplink renamed',
  layer: 'link',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes'],
  explains: [...linkBroken, ...losesHaproxyAtOnce('link', { lostAddress: true })],
  options: z.object({
    bootMs: z
      .number()
      .default(2 * minute)
      .describe('how long after boot udev may still be giving interfaces their names'),
  }),
  subjects({ hosts, topology }, { bootMs }) {
    return uplinkSubjects(hosts, topology).map((each) => {
      if (each.kind === 'Link') return each;
      // With no baseline, no address and no route, only the kernel's log knows the name.
      const { host } = each;
      const renaming = ofLog(host, topology.nodeOfHost.get(host.metadata.name), bootMs);
      return renaming ? linkSubject(host, renaming.name) : each;
    });
  },
  judge(subject, { now, topology }, { bootMs }) {
    const { host } = subject;
    if (subject.kind === 'Host' || host.interfaces.state !== 'known') return unseenLinks(host);
    if (!isRecordedSinceBoot(host) && bootedWithin(host, now, bootMs)) return undefined;
    const node = topology.nodeOfHost.get(host.metadata.name);
    const renaming = ofBaseline(subject) ?? ofDeclared(subject, node, bootMs);
    if (!renaming) return undefined;
    if (host.addresses.state === 'unknown') return unseen(host.addresses);
    return lossOf(renaming, node, now);
  },
});

/** Of a baseline that was recorded since the host booted: udev had given the names by then. */
function isRecordedSinceBoot({ baseline, system }: Host): boolean {
  const bootId = system.state === 'known' ? system.value.bootId : undefined;
  return bootId != null && baseline?.uplink?.bootId === bootId;
}

function ofBaseline({ host, metadata: { name } }: LinkSubject): Renaming | undefined {
  if (host.baseline?.uplink?.name !== name) return undefined;
  const now = baselineDevice(host);
  if (now?.state === 'renamed') {
    const { device, proof } = now;
    return { host, name, how: 'renamed', device, proof, record: recordOf(host, name, device.name) };
  }
  if (now?.state !== 'replaced') return undefined;
  return { host, name, how: 'replaced', device: now.holder, proof: now.proof };
}

/** Of a host that has no baseline: facts together may say what the kernel's line alone never does. */
function ofDeclared(
  { host, metadata: { name } }: LinkSubject,
  node: Node | undefined,
  bootMs: number,
): Renaming | undefined {
  if (host.baseline?.uplink) return undefined;
  const renaming = ofLog(host, node, bootMs);
  return renaming?.name === name ? renaming : undefined;
}

/**
 * A rename of this boot, after udev's own, whose old name is nobody's, whose device is in the host's
 * own network namespace without an address, while the node's address is nowhere.
 * Container runtimes write the same line at each pod start, with the host's interfaces untouched.
 */
function ofLog(host: Host, node: Node | undefined, bootMs: number): Renaming | undefined {
  if (host.baseline?.uplink || holdsNodeAddress(host, node) !== false) return undefined;
  if (host.kernel.state !== 'known' || host.system.state !== 'known') return undefined;
  const settledAt = host.system.value.bootedAt + bootMs;
  for (const record of ofClass(host.kernel.value.records, 'rename').toReversed()) {
    const device = interfaceNamed(host, record.interface ?? '');
    const from = record.from ?? '';
    if (!device || !from || record.at < settledAt || interfaceNamed(host, from)) continue;
    if (addressesOn(host, device.name).length > 0 || device.master) continue;
    return { host, name: from, how: 'renamed', device, proof: 'kernel-log', record };
  }
  return undefined;
}

function recordOf({ kernel }: Host, from: string, to: string): KernelRecord | undefined {
  if (kernel.state !== 'known') return undefined;
  return ofClass(kernel.value.records, 'rename').findLast(
    (each) => each.from === from && each.interface === to,
  );
}

/** A rename that keeps address and default route breaks nothing, and nothing is said of it. */
function lossOf(renaming: Renaming, node: Node | undefined, now: number): Verdict {
  const { device, host, how, name, proof, record } = renaming;
  // A bridge holds on to its port by index, and has what the port had.
  const names = [device.name, ...(device.master ? [device.master] : [])];
  const lostAddress = !names.some((each) => keepsAddress(host, each, node));
  const lostRoute =
    host.routes.state === 'known' &&
    host.baseline?.defaultRoute === true &&
    !names.some((each) => hasDefaultRoute(host, each));
  if (!lostAddress && !lostRoute) return undefined;
  return {
    verdict: 'fail',
    severity: 'critical',
    onset: record
      ? { from: record.at, to: record.at }
      : { from: host.baseline?.recordedAt ?? null, to: now },
    facts: {
      name,
      host: host.metadata.name,
      how,
      nowName: device.name,
      lostAddress,
      lostRoute,
      address: host.baseline?.address ?? internalAddresses(node)[0] ?? '',
      proof,
    },
    evidence: evidenceOf(renaming, now),
  };
}

/** The kernel's line supports; what the interface is now decides. */
function evidenceOf({ device, host, how, name, record }: Renaming, now: number): Evidence[] {
  const object = linkRef(host.metadata.name, name);
  const at = record?.at ?? now;
  const identity = device.busPath ?? device.mac ?? device.index;
  const decides: Evidence =
    how === 'renamed'
      ? { object, field: 'interfaces[].name', value: device.name, at }
      : { object, field: 'interfaces[].busPath', value: identity, at };
  if (!record) return [decides];
  return [decides, { object, field: 'kernel.records[rename]', value: record.text, at }];
}

function keepsAddress(host: Host, name: string, node: Node | undefined): boolean {
  const here = addressesOn(host, name);
  const known = host.baseline?.address ? [host.baseline.address] : [];
  const wanted = [...internalAddresses(node), ...known];
  // Nobody knows which address it should have: any but a link-local one will do.
  if (wanted.length === 0) return here.some((each) => !/^(?:fe80:|169\.254\.)/i.test(each));
  return here.some((each) => wanted.includes(each));
}
