import type { FakeHost } from './fake-host.ts';

/** When the look at `lxcAgent` is, by its clock and by ours. */
export const lookAt = Date.parse('2026-06-01T12:00:00Z');

/** Of the machine: ten days. The container began a day ago. */
const uptimeSeconds = 864_000;
const containerSeconds = uptimeSeconds - 86_400;
const micros = (seconds: number): string => String(seconds * 1_000_000);

/** How `systemctl show` tells of a unit; what is given changes or adds properties. */
export function shown(id: string, changes: { readonly [property: string]: string } = {}): string {
  const properties: { readonly [property: string]: string } = {
    Type: 'notify',
    RestartUSec: '5s',
    ExecMainStartTimestampMonotonic: micros(containerSeconds + 10),
    ExecMainExitTimestampMonotonic: '0',
    MainPID: '100',
    Result: 'success',
    NRestarts: '0',
    ExecMainCode: '0',
    ExecMainStatus: '0',
    Id: id,
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    FragmentPath: `/etc/systemd/system/${id}`,
    DropInPaths: '',
    UnitFileState: 'enabled',
    NeedDaemonReload: 'no',
    StateChangeTimestampMonotonic: micros(containerSeconds + 20),
    ActiveEnterTimestampMonotonic: micros(containerSeconds + 20),
    InactiveExitTimestampMonotonic: micros(containerSeconds + 10),
    ...changes,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

export function command(line: string): string {
  const path = line.split(' ')[0] ?? '';
  return `{ path=${path} ; argv[]=${line} ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }`;
}

export const absentUnit = 'Id=haproxy.service\nLoadState=not-found\nActiveState=inactive\n';

export const agentUnit = shown('k3s-agent.service', {
  ExecStart: command('/usr/local/bin/k3s agent'),
  ExecStartPre: command('/sbin/modprobe br_netfilter'),
});

const mountinfo = `1 0 7:1 / / rw,relatime shared:1 - ext4 /dev/loop1 rw
2 1 0:50 / /dev rw,relatime - tmpfs none rw,size=492k,mode=755
3 2 0:5 /kmsg /dev/kmsg rw,nosuid,relatime - devtmpfs udev rw,size=8k
4 1 0:51 / /proc rw,nosuid - proc proc rw
5 1 0:52 / /sys/fs/cgroup rw,nosuid - cgroup2 none rw
`;

/** `ip -j -d -s -s link show` of a container with one veth. */
const links = JSON.stringify([
  {
    ifindex: 1,
    ifname: 'lo',
    flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
    mtu: 65536,
    operstate: 'UNKNOWN',
  },
  {
    ifindex: 2,
    link_index: 9,
    ifname: 'eth0',
    flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    mtu: 1500,
    operstate: 'UP',
    address: '02:00:00:00:00:11',
    linkinfo: { info_kind: 'veth' },
    stats64: {
      rx: { bytes: 9, packets: 100, errors: 1, dropped: 2, missed_errors: 3 },
      tx: { bytes: 9, packets: 200, errors: 4, dropped: 5, carrier_changes: 2 },
    },
  },
]);

/** A line of /proc/net/tcp. */
export function tcpLine(
  local: string,
  remote: string,
  state: string,
  timer: string,
  retransmits: number,
): string {
  const again = retransmits.toString(16).padStart(8, '0').toUpperCase();
  return `   0: ${local} ${remote} ${state} 00000000:00000000 ${timer}:00000014 ${again}     0        0 4242 1 0000000000000000 20 4 30 10 -1\n`;
}

/** A k3s agent in a privileged LXC container, in good health, as it answers. */
export function lxcAgent(changes: FakeHost = {}): FakeHost {
  const { files, stats, runs, ...rest } = changes;
  return {
    clock: { sentAt: lookAt - 20, receivedAt: lookAt + 20, hostAt: lookAt },
    ...rest,
    files: { ...usualFiles, ...files },
    stats: { ...usualStats, ...stats },
    runs: { ...runs, ...without(usualRuns, runs) },
  };
}

/** Those that were not given anew: a fake host takes the first that fits. */
function without<T>(
  usual: { readonly [key: string]: T },
  given: object = {},
): { [key: string]: T } {
  return Object.fromEntries(Object.entries(usual).filter(([key]) => !(key in given)));
}

const stat = (pid: number, name: string, seconds: number): string =>
  `${pid} (${name}) S 0 1 1 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 1 0 ${seconds * 100} 1 1\n`;

const usualFiles: NonNullable<FakeHost['files']> = {
  '/proc/uptime': `${uptimeSeconds}.00 100.00\n`,
  '/proc/1/stat': stat(1, 'systemd', containerSeconds),
  '/proc/self/stat': stat(900, 'head', uptimeSeconds),
  '/proc/1/environ': 'container=lxc\0TERM=linux\0',
  '/proc/self/uid_map': '         0          0 4294967295\n',
  '/proc/self/mountinfo': mountinfo,
  '/proc/sys/kernel/hostname': 'k3s1\n',
  '/proc/sys/kernel/osrelease': '6.8.12-11-pve\n',
  '/proc/sys/kernel/random/boot_id': '11111111-2222-3333-4444-555555555555\n',
  '/etc/machine-id': 'aaaabbbbccccddddeeeeffff00001111\n',
  '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
  '/etc/rancher/k3s/config.yaml': 'server: https://192.0.2.10:6443\nnode-name: k3s1\n',
  '/proc/net/snmp': 'Tcp: RtoMin OutSegs RetransSegs\nTcp: 200 1000 20\n',
  '/proc/net/tcp': tcpLine('0B0200C0:D431', '0A0200C0:192B', '01', '00', 0),
  '/proc/diskstats':
    '   7       1 loop1 10 0 0 0 100 0 800 250 0 0 0\n   8       1 sda1 1 0 0 0 1 0 0 1 0 0 0\n',
  '/proc/meminfo': 'MemTotal:       16000000 kB\nMemAvailable:    9000000 kB\n',
  '/proc/loadavg': '0.10 0.20 0.30 1/300 4242\n',
  '/proc/sys/kernel/pid_max': '32768\n',
  '/proc/sys/net/ipv4/ip_forward': '1\n',
};

const usualStats: NonNullable<FakeHost['stats']> = {
  '/dev/kmsg': {
    type: 'character',
    device: { major: 1, minor: 11 },
    modifiedAt: lookAt - 86_400_000,
  },
  '/sys/class/net/eth0': { type: 'link', target: '../../devices/virtual/net/eth0' },
  '/var/lib/kubelet': { type: 'directory' },
  '/var/lib/kubelet/pods/11111111-1111-1111-1111-111111111111': { type: 'directory' },
  '/var/lib/rancher/k3s': { type: 'directory' },
};

const usualRuns: NonNullable<FakeHost['runs']> = {
  'systemctl show *': `${agentUnit}\n${absentUnit}`,
  'k3s --version': 'k3s version v1.36.3+k3s1 (abcdef01)\ngo version go1.26\n',
  'ip -j -d -s -s link show': links,
  'ip -j addr show': JSON.stringify([
    {
      ifname: 'eth0',
      addr_info: [
        { family: 'inet', local: '192.0.2.11', prefixlen: 24, scope: 'global', dynamic: true },
      ],
    },
  ]),
  'ip -j route show': JSON.stringify([
    { dst: 'default', gateway: '192.0.2.1', dev: 'eth0', protocol: 'dhcp', flags: [] },
    { dst: '192.0.2.0/24', dev: 'eth0', prefsrc: '192.0.2.11', scope: 'link', flags: [] },
  ]),
  'ip -j -6 route show': '',
  'df -B 1 *':
    '1B-blocks Avail Inodes IFree Mounted on\n100000000000 60000000000 6000000 5000000 /\n',
  'timedatectl show --property=NTPSynchronized': 'NTPSynchronized=yes\n',
  'dd if=/dev/kmsg *': { code: 1, stdout: '6,1,1000000,-;Linux version 6.8.12-11-pve\n' },
};
