import {
  formatBytes,
  formatDuration,
  formatMoment,
  formatPercent,
  plural,
} from '../../lib/format.ts';
import type { Host, HostPart } from '../../model/objects/host/host.ts';

/** What a known part says, in lines; none where there is nothing worth a line. */
export type PartLines = {
  readonly [P in HostPart]?: (value: Value<P>, now: number) => readonly string[];
};
export type Value<P extends HostPart> = Extract<Host[P], { state: 'known' }>['value'];

/** One headed row of the page: a part or several. */
export interface Row {
  readonly label: string;
  readonly parts: readonly HostPart[];
}

export const rows: readonly Row[] = [
  { label: 'machine', parts: ['system'] },
  { label: 'clock', parts: ['clock'] },
  { label: 'k3s', parts: ['k3s'] },
  { label: 'units', parts: ['units'] },
  { label: 'kubelet', parts: ['kubelet'] },
  { label: '/dev/kmsg', parts: ['kmsg'] },
  { label: 'certificates', parts: ['certificates'] },
  { label: 'disks', parts: ['fileSystems', 'usage', 'diskLatency'] },
  { label: 'limits', parts: ['limits'] },
  { label: 'network', parts: ['interfaces', 'addresses', 'routes'] },
  { label: 'to the server', parts: ['serverPath', 'tcp'] },
  { label: 'USB', parts: ['usb'] },
  { label: 'networkd', parts: ['networkd'] },
  { label: 'firewall', parts: ['firewall'] },
  { label: 'kernel log', parts: ['kernel'] },
  { label: 'HAProxy', parts: ['haproxy'] },
];

export const partLines: PartLines = {
  system: (it, now) => [
    [it.os ?? 'an unknown system', `Linux ${it.kernel}`, containerWords(it.container)].join(', '),
    `up ${formatDuration(now - it.bootedAt)}, since ${formatMoment(it.bootedAt)}${
      it.cgroupVersion ? `; cgroup v${it.cgroupVersion}` : ''
    }`,
  ],
  clock: ({ offsetMs, synchronised, keeper }) => [
    `${Math.round(offsetMs.least)} to ${Math.round(offsetMs.most)} ms off ours` +
      (synchronised === true
        ? ', synchronised'
        : synchronised === false
          ? ', NOT synchronised'
          : '') +
      (keeper ? `, kept by ${keeper}` : ''),
  ],
  k3s: (it) => [
    [it.role ?? 'installed', it.version, it.serverUrl && `server ${it.serverUrl}`]
      .filter(Boolean)
      .join(', '),
    ...(it.nodeName ? [`node ${it.nodeName}${it.nodeIp ? ` at ${it.nodeIp}` : ''}`] : []),
    ...it.config.map(({ path, problem }) => (problem ? `${path}: ${problem}` : path)),
    ...(it.kubeletArgs.length > 0 ? [`kubelet: ${it.kubeletArgs.join(' ')}`] : []),
  ],
  units: (all, now) =>
    all.map(
      (it) =>
        `${it.name} ${it.activeState} (${it.subState})` +
        (it.activeSinceAt ? ` for ${formatDuration(now - it.activeSinceAt)}` : '') +
        (it.restarts > 0 ? `, ${plural(it.restarts, 'restart')}` : '') +
        (it.result === 'success' ? '' : `, result ${it.result}`),
    ),
  kubelet: (it, now) => [
    it.running
      ? `runs${it.startedAt ? ` for ${formatDuration(now - it.startedAt)}` : ''}${it.root ? ` below ${it.root}` : ''}`
      : 'does not run',
    ...it.trees.map(
      ({ path, pods, drivers }) =>
        `${path}: ${plural(pods, 'pod')}${drivers.length > 0 ? `, drivers ${drivers.join(', ')}` : ''}`,
    ),
  ],
  kmsg: (it) => [
    kmsgWords(it) +
      (it.keptBy.length > 0 ? `, kept by ${it.keptBy.join(', ')}` : ', kept by nothing known'),
  ],
  certificates: (all) =>
    all.map(
      ({ path, notAfter }) => `${path.split('/').at(-1) ?? path} until ${formatMoment(notAfter)}`,
    ),
  fileSystems: (all) =>
    all.map(
      (it) =>
        `${it.target} ${it.type}${spaceWords(it)}${it.holds.length > 0 ? ` (${it.holds.join(', ')})` : ''}`,
    ),
  usage: (all) => all.map(({ path, bytes }) => `${formatBytes(bytes)} in ${path}`),
  diskLatency: (all) =>
    all.map(
      (it) =>
        `${it.device} writes take ${it.writeMs.toFixed(1)} ms on average since ${it.span === 'boot' ? 'boot' : 'the first look'}`,
    ),
  limits: (it) =>
    [
      ratio('memory', it.memoryTotalBytes, it.memoryAvailableBytes, formatBytes),
      used('conntrack', it.conntrackCount, it.conntrackMax),
      used('inotify instances', it.inotifyInstances, it.inotifyInstancesMax),
      used('processes', it.pidsCount, it.pidsMax),
      used('open files', it.filesOpen, it.filesMax),
    ].filter((line) => line !== ''),
  interfaces: (all) =>
    all.map(
      (it) =>
        `${it.name} ${it.operstate}${it.speedMbps ? `, ${it.speedMbps} Mbit/s` : ''}, ${it.driver ?? it.kind ?? it.bus}` +
        `${it.master ? `, in ${it.master}` : ''}${it.carrierChanges ? `, carrier changed ${it.carrierChanges} times` : ''}`,
    ),
  addresses: (all) => all.map((it) => `${it.address}/${it.prefix} on ${it.interface}`),
  routes: (all) =>
    all
      .filter(({ destination }) => destination === 'default')
      .map(
        (it) =>
          `default via ${it.gateway ?? 'the link'} on ${it.interface ?? 'an unknown interface'}`,
      ),
  serverPath: (it) => [
    `${it.address}:${it.port}: ${it.flowing} flowing, ${it.stalled} stalled, ${it.connecting} connecting`,
  ],
  tcp: (it) =>
    it.outSegments > 0
      ? [`${formatPercent((it.retransmitted / it.outSegments) * 100)} of TCP segments sent again`]
      : [],
  usb: (all) =>
    all
      .filter(({ interfaces }) => interfaces.length > 0)
      .map(
        (it) =>
          `${it.path} ${it.product ?? it.id}: ${it.interfaces.join(', ')}${it.speedMbps ? `, ${it.speedMbps} Mbit/s` : ''}`,
      ),
  networkd: (it) => [
    `${it.active ? 'active' : 'not active'}, ${plural(it.files.length, 'file')} in force`,
  ],
  firewall: (it) => [
    `${it.fronts.length > 0 ? it.fronts.join(', ') : 'none active'}${it.iptablesBackend ? `; iptables is ${it.iptablesBackend}` : ''}`,
  ],
  kernel: (it) => [
    `${plural(it.records.length, 'record')} of note among ${it.read}${it.shared ? "; it is the machine's, shared with all its containers" : ''}`,
    ...it.records.slice(-5).map((each) => `${formatMoment(each.at)} ${each.text}`),
  ],
  haproxy: (all) => all.map((it) => `${it.backend}/${it.server} ${it.status}`),
};

function containerWords(container: string): string {
  return container === 'none' ? 'a machine of its own' : `${container} container`;
}

function kmsgWords({ type, device, target, dangling }: Value<'kmsg'>): string {
  if (type === 'device') return device ? `device ${device.major}:${device.minor}` : 'a device';
  if (type === 'link')
    return `a link to ${target ?? 'something'}${dangling ? ' that is not there' : ''}`;
  return type === 'missing' ? 'MISSING' : 'no device';
}

function spaceWords({ sizeBytes, availableBytes, options }: Value<'fileSystems'>[number]): string {
  const readOnly = options.includes('ro') ? ', READ-ONLY' : '';
  if (!sizeBytes || availableBytes === undefined || availableBytes === null) return readOnly;
  const full = formatPercent((1 - availableBytes / sizeBytes) * 100);
  return `, ${full} full, ${formatBytes(availableBytes)} left${readOnly}`;
}

type Maybe = number | null | undefined;

function used(what: string, count: Maybe, most: Maybe): string {
  return typeof count === 'number' && most && most < Number.MAX_SAFE_INTEGER
    ? `${what} ${count} of ${most}`
    : '';
}

function ratio(what: string, all: Maybe, left: Maybe, words: (bytes: number) => string): string {
  return all && typeof left === 'number' ? `${what} ${words(left)} left of ${words(all)}` : '';
}
