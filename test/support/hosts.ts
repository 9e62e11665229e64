import type { Host } from '../../src/model/objects/host/host.ts';
import { hostParts } from '../../src/model/objects/host/host.ts';
import type { WayFailure } from '../../src/model/objects/host/reach.ts';
import type { Unit } from '../../src/model/objects/host/system.ts';
import { noon } from './snapshot.ts';

const now = Date.parse(noon);
const day = 86_400_000;

/** What `host()` takes in place of its healthy parts; `undefined` leaves the healthy one. */
export type HostChanges = Partial<Host>;

/** A part that was seen. */
export function known<T>(value: T): { state: 'known'; value: T } {
  return { state: 'known', value };
}

/** A part that could not be looked at. */
export function unknown(detail: string): { state: 'unknown'; reason: 'forbidden'; detail: string } {
  return { state: 'unknown', reason: 'forbidden', detail };
}

/** A healthy k3s agent in a privileged LXC container, looked at by root at noon; booted a day ago. */
export function host(name: string, changes: HostChanges = {}): Host {
  return {
    kind: 'Host',
    metadata: { name },
    declared: { addresses: ['192.0.2.11'] },
    reach: { state: 'answered', user: 'root', root: true, at: now, tookMs: 120 },
    ways: [{ transport: 'ssh', name: `ssh root@${name}`, outcome: 'answered' }],
    ...healthyMachine(name),
    ...healthyNetwork(),
    ...changes,
  };
}

/** A host that nothing was seen of. */
export function silentHost(name: string, reason: WayFailure, detail: string): Host {
  const parts = Object.fromEntries(
    hostParts.map((part) => [part, { state: 'unknown', reason: 'unreachable', detail }]),
  );
  return {
    ...host(name),
    reach: { state: 'silent', reason, detail, at: now, askedAt: now - 8_000 },
    ways: [{ transport: 'ssh', name: `ssh root@${name}`, outcome: reason, detail }],
    ...parts,
  };
}

/** A unit that runs since a day ago. */
export function unit(name: string, changes: Partial<Unit> = {}): Unit {
  return {
    name,
    loadState: 'loaded',
    activeState: 'active',
    subState: 'running',
    result: 'success',
    restarts: 0,
    restartDelayMs: 5000,
    type: 'notify',
    unitFileState: 'enabled',
    mainPid: 100,
    stateChangedAt: now - day,
    activeSinceAt: now - day,
    startedAt: now - day,
    fragmentPath: `/etc/systemd/system/${name}`,
    dropIns: [],
    execStart: '/usr/local/bin/k3s agent',
    execStartPre: ['/sbin/modprobe br_netfilter', '/sbin/modprobe overlay'],
    execStartPreInDropIns: [],
    needsReload: false,
    log: [],
    ...changes,
  };
}

function healthyMachine(
  hostname: string,
): Pick<
  Host,
  | 'system'
  | 'kmsg'
  | 'units'
  | 'k3s'
  | 'kubelet'
  | 'certificates'
  | 'clock'
  | 'fileSystems'
  | 'usage'
  | 'diskLatency'
  | 'limits'
  | 'kernel'
  | 'haproxy'
> {
  return {
    system: known({
      hostname,
      machineId: `machine-${hostname}`,
      bootId: `boot-${hostname}`,
      bootedAt: now - day,
      kernel: '6.8.12-11-pve',
      os: 'Debian GNU/Linux 12 (bookworm)',
      container: 'lxc',
      initialUserNamespace: true,
      cgroupVersion: 2,
    }),
    kmsg: known({ type: 'device', device: { major: 1, minor: 11 }, keptBy: ['bind'] }),
    units: known([unit('k3s-agent.service')]),
    k3s: known({
      role: 'agent',
      version: 'v1.36.3+k3s1',
      config: [{ path: '/etc/rancher/k3s/config.yaml', modifiedAt: now - 30 * day }],
      nodeName: hostname,
      serverUrl: 'https://192.0.2.10:6443',
      dataDir: '/var/lib/rancher/k3s',
      kubeletArgs: [],
      featureGates: {},
    }),
    kubelet: known({
      root: '/var/lib/kubelet',
      running: true,
      startedAt: now - day,
      trees: [{ path: '/var/lib/kubelet', pods: 8, drivers: [], registered: [] }],
    }),
    certificates: known([
      {
        path: '/var/lib/rancher/k3s/agent/client-kubelet.crt',
        subject: `O=system:nodes, CN=system:node:${hostname}`,
        notBefore: now - 30 * day,
        notAfter: now + 335 * day,
      },
    ]),
    clock: known({ offsetMs: { least: -60, most: 60 }, synchronised: true, keeper: 'host' }),
    fileSystems: known([
      {
        target: '/',
        source: '/dev/loop1',
        type: 'ext4',
        options: ['rw', 'relatime'],
        device: '7:1',
        sizeBytes: 100e9,
        availableBytes: 60e9,
        inodes: 6_000_000,
        inodesFree: 5_000_000,
        holds: ['root', 'kubelet', 'containerd', 'logs'],
      },
    ]),
    usage: { state: 'absent' },
    diskLatency: known([{ device: 'sda', writeMs: 2, writes: 10_000, overMs: day, span: 'boot' }]),
    limits: known({
      conntrackCount: 1200,
      conntrackMax: 131_072,
      inotifyInstancesMax: 8192,
      inotifyWatchesMax: 524_288,
      inotifyInstances: 120,
      filesOpen: 4000,
      filesMax: 9_000_000,
      pidsCount: 300,
      pidsMax: 32_768,
      memoryTotalBytes: 16e9,
      memoryAvailableBytes: 9e9,
      sysctls: { 'net.ipv4.ip_forward': '1' },
    }),
    kernel: known({ source: 'kmsg', records: [], read: 900, shared: true, sinceAt: now - day }),
    haproxy: { state: 'absent' },
  };
}

function healthyNetwork(): Pick<
  Host,
  'interfaces' | 'addresses' | 'routes' | 'usb' | 'networkd' | 'firewall' | 'tcp' | 'serverPath'
> {
  return {
    interfaces: known([
      {
        name: 'eth0',
        index: 2,
        mac: '02:00:00:00:00:11',
        operstate: 'up',
        adminUp: true,
        carrier: true,
        speedMbps: 10_000,
        duplex: 'full',
        mtu: 1500,
        carrierChanges: 2,
        driver: 'veth',
        bus: 'virtual',
        kind: 'veth',
        nameAssignType: 4,
        statistics: {
          rxPackets: 1e6,
          txPackets: 1e6,
          rxErrors: 0,
          txErrors: 0,
          rxDropped: 0,
          txDropped: 0,
          rxMissed: 0,
        },
      },
    ]),
    addresses: known([
      { interface: 'eth0', address: '192.0.2.11', prefix: 24, family: 'inet', scope: 'global' },
    ]),
    routes: known([
      { destination: 'default', gateway: '192.0.2.1', interface: 'eth0', family: 'inet' },
      { destination: '192.0.2.0/24', interface: 'eth0', source: '192.0.2.11', family: 'inet' },
    ]),
    usb: known([]),
    networkd: known({ active: true, files: [], udevRules: [] }),
    firewall: known({
      fronts: [],
      allows: [],
      iptablesBackend: 'nft',
      kubeChains: { nft: 40, legacy: 0 },
    }),
    tcp: known({ outSegments: 1e6, retransmitted: 200, span: 'boot' }),
    serverPath: known({ address: '192.0.2.10', port: 6443, flowing: 3, stalled: 0, connecting: 0 }),
  };
}
