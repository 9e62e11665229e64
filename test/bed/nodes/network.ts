/** Network namespaces of the bed's own. The machine's interfaces and routes are never touched. */
import { addresses, bridge, namespaceFile, namespaces } from './layout.ts';
import { must } from './run.ts';

/** The argument vector that runs a program in a network namespace, and in nothing else of its own. */
export function inNamespace(namespace: string, argv: readonly string[]): string[] {
  // `ip netns exec` would mount a new /sys, without the control groups that lxc-attach needs.
  return ['nsenter', `--net=${namespaceFile(namespace)}`, '--', ...argv];
}

/** Makes the switch with its bridge, and the namespaces of the client and of the Proxmox stand-in. */
export async function makeNetwork(): Promise<void> {
  const { prefixLength } = addresses;
  for (const name of Object.values(namespaces)) await must(['ip', 'netns', 'add', name]);
  await batch(namespaces.switch, [
    'link set lo up',
    `link add ${bridge} type bridge stp_state 0 forward_delay 0`,
    `link set ${bridge} up`,
    `address add ${addresses.switch}/${prefixLength} dev ${bridge}`,
    ...(['client', 'pve'] as const).flatMap((name) => [
      `link add to-${name} type veth peer name eth0 netns ${namespaces[name]}`,
      `link set to-${name} master ${bridge} up`,
    ]),
  ]);
  for (const name of ['client', 'pve'] as const) {
    await batch(namespaces[name], [
      'link set lo up',
      'link set eth0 up',
      `address add ${addresses[name]}/${prefixLength} dev eth0`,
      `route add default via ${addresses.switch}`,
    ]);
  }
}

/** Runs several commands of `ip` in one process. */
export async function batch(namespace: string, commands: readonly string[]): Promise<void> {
  await must(['ip', '-netns', namespace, '-batch', '-'], { input: `${commands.join('\n')}\n` });
}
