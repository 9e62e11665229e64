import type { Host } from './objects/host/host.ts';
import type { Interface } from './objects/host/net.ts';
import { interfaceNamed, interfacesOf } from './uplink.ts';

/** By what the device of the baseline is known again. */
export type DeviceProof = 'bus-path' | 'mac' | 'ifindex';

/** What became of the interface that carried the host when the baseline was recorded. */
export type BaselineDevice =
  | { readonly state: 'same'; readonly device: Interface }
  /** The very device is there, under another name. */
  | { readonly state: 'renamed'; readonly device: Interface; readonly proof: DeviceProof }
  /** Its name is another device's now, and it is nowhere. */
  | { readonly state: 'replaced'; readonly holder: Interface; readonly proof: DeviceProof }
  | { readonly state: 'gone' };

/**
 * Looks for the baseline's uplink by where it is plugged in, by its MAC address and by its index.
 * An index means nothing after a reboot, and a container's veth has another MAC at each start: where
 * nothing else can tell, an interface of the same name is the same. Undefined without a baseline, or
 * when interfaces could not be looked at.
 */
export function baselineDevice(host: Host): BaselineDevice | undefined {
  const uplink = host.baseline?.uplink;
  if (!uplink || host.interfaces.state !== 'known') return undefined;
  const holder = interfaceNamed(host, uplink.name);
  const marks = marksOf(host);
  if (holder && marks.some((mark) => mark.of(holder) === mark.was)) {
    return { state: 'same', device: holder };
  }
  for (const mark of marks) {
    const device = known(host, mark);
    if (device) return { state: 'renamed', device, proof: mark.proof };
  }
  if (!holder) return { state: 'gone' };
  const differs = marks.find((mark) => mark.proof !== 'mac' && mark.of(holder) !== mark.was);
  return differs
    ? { state: 'replaced', holder, proof: differs.proof }
    : { state: 'same', device: holder };
}

interface Mark {
  readonly proof: DeviceProof;
  readonly was: string | number;
  of(device: Interface): string | number | null | undefined;
}

/** The surest first. */
function marksOf(host: Host): readonly Mark[] {
  const { busPath, mac, index, bootId } = host.baseline?.uplink ?? {};
  const marks: Mark[] = [];
  if (busPath) marks.push({ proof: 'bus-path', was: busPath, of: (device) => device.busPath });
  const sameBoot = bootId && host.system.state === 'known' && host.system.value.bootId === bootId;
  if (sameBoot && index !== undefined) {
    marks.push({ proof: 'ifindex', was: index, of: (device) => device.index });
  }
  if (mac) marks.push({ proof: 'mac', was: mac, of: (device) => device.mac });
  return marks;
}

/**
 * Bridges, bonds and VLANs borrow the MAC of the adapter below them: what was on a bus is sought
 * there, and what was not is not. Several that look alike are no proof.
 */
function known(host: Host, mark: Mark): Interface | undefined {
  const wasVirtual = !host.baseline?.uplink?.busPath;
  const alike = interfacesOf(host).filter(
    (each) => mark.of(each) === mark.was && (each.bus === 'virtual') === wasVirtual,
  );
  return alike.length === 1 ? alike[0] : undefined;
}
