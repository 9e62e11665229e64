import type { Host } from './objects/host/host.ts';
import type { Interface } from './objects/host/net.ts';
import type { Node } from './objects/node.ts';

/** Addresses that the kubelet registered for talk within the cluster. */
export function internalAddresses(node: Node | undefined): readonly string[] {
  return (node?.status.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => address);
}

/** What of a host's interfaces was seen; nothing, if it could not be looked at. */
export function interfacesOf(host: Host): readonly Interface[] {
  return host.interfaces.state === 'known' ? host.interfaces.value : [];
}

export function interfaceNamed(host: Host, name: string): Interface | undefined {
  return interfacesOf(host).find((each) => each.name === name);
}

export function addressesOn(host: Host, name: string): readonly string[] {
  if (host.addresses.state !== 'known') return [];
  return host.addresses.value.filter((each) => each.interface === name).map((each) => each.address);
}

export function hasDefaultRoute(host: Host, name: string): boolean {
  return defaultRouteInterfaces(host).includes(name);
}

/** Whether the node's InternalIP is on any of the host's interfaces; undefined: nobody can tell. */
export function holdsNodeAddress(host: Host, node: Node | undefined): boolean | undefined {
  const wanted = internalAddresses(node);
  if (wanted.length === 0 || host.addresses.state !== 'known') return undefined;
  return host.addresses.value.some(({ address }) => wanted.includes(address));
}

/**
 * The interfaces through which a host speaks: the one that `evenkeel.yaml` names; else the one of
 * the baseline, and those of the default route and of the node's InternalIP. Where one of them is a
 * bridge or a bond, the adapters below it too. One that is gone is named all the same.
 */
export function uplinksOf(host: Host, node: Node | undefined): readonly string[] {
  const { declared, baseline } = host;
  const named = declared.uplink
    ? [declared.uplink]
    : [
        ...(baseline?.uplink ? [baseline.uplink.name] : []),
        ...defaultRouteInterfaces(host),
        ...interfacesOf(host)
          .map(({ name }) => name)
          .filter((name) => isNodeAddressOn(host, node, name)),
      ];
  const below = named.flatMap((name) => adaptersBelow(host, name).map((each) => each.name));
  return [...new Set([...named, ...below])];
}

/** Adapters that a bridge or a bond is made of; never a container's end of a veth pair. */
export function adaptersBelow(host: Host, name: string): readonly Interface[] {
  return interfacesOf(host).filter((each) => each.master === name && each.bus !== 'virtual');
}

/** Whether the node's InternalIP is on this interface, or on the bridge or bond above it. */
export function carriesNodeAddress(host: Host, node: Node | undefined, name: string): boolean {
  const master = interfaceNamed(host, name)?.master;
  return isNodeAddressOn(host, node, name) || (!!master && isNodeAddressOn(host, node, master));
}

function isNodeAddressOn(host: Host, node: Node | undefined, name: string): boolean {
  const wanted = internalAddresses(node);
  return addressesOn(host, name).some((address) => wanted.includes(address));
}

/** IPv4 first, by metric: the one that is used comes first. */
function defaultRouteInterfaces({ routes }: Host): readonly string[] {
  if (routes.state !== 'known') return [];
  const ways = routes.value
    .filter((each) => each.destination === 'default' && each.interface)
    .toSorted(
      (a, b) =>
        Number(a.family === 'inet6') - Number(b.family === 'inet6') ||
        (a.metric ?? 0) - (b.metric ?? 0),
    );
  return [...new Set(ways.map((each) => each.interface ?? ''))];
}
