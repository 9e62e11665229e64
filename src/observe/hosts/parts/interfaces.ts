import { byText } from '../../../lib/order.ts';
import type { Interface } from '../../../model/objects/host/net.ts';
import { type Answers, contentsOf, lineIn, numberIn, statsOf, Unseen } from '../answers.ts';
import { linksOf, linksRequest } from '../link-answers.ts';
import type { IpLink } from '../parse/ip-json.ts';
import type { Part } from '../part.ts';

const base = '/sys/class/net';

/** What `ip` does not tell. */
const extra = contentsOf(
  ['speed', 'duplex', 'name_assign_type'].map((name) => `${base}/*/${name}`),
  256,
);
/** Links that say where in the machine a device sits, and who drives it. */
const devices = statsOf(`${base}/*`, `${base}/*/device/driver`);

/** All of it, where there is no `ip`. */
const instead = contentsOf(
  [
    ...['ifindex', 'address', 'operstate', 'flags', 'carrier', 'mtu', 'carrier_changes', 'uevent'],
    ...['rx_packets', 'tx_packets', 'rx_errors', 'tx_errors', 'rx_dropped', 'tx_dropped'].map(
      (name) => `statistics/${name}`,
    ),
    'statistics/rx_missed_errors',
  ].map((name) => `${base}/*/${name}`),
  256,
);
const masters = statsOf(`${base}/*/master`);

export const interfaces: Part<'interfaces'> = {
  part: 'interfaces',
  requests: () => [linksRequest, extra, devices],
  more: (answers) => (linksOf(answers) ? [] : [instead, masters]),
  read: (answers) => {
    const links = linksOf(answers) ?? fromSys(answers);
    if (links.length === 0) throw new Unseen('no-answer', 'neither ip nor /sys told of a link');
    const value = links.map((link) => interfaceOf(link, answers));
    return {
      state: 'known',
      value: value.toSorted((a, b) => a.index - b.index || byText(a.name, b.name)),
    };
  },
};

function interfaceOf(link: IpLink, answers: Answers): Interface {
  const { ifname: name, flags, stats64, linkinfo } = link;
  const contents = answers.contents(extra);
  const speed = numberIn(contents, `${base}/${name}/speed`);
  const duplex = lineIn(contents, `${base}/${name}/duplex`);
  const adminUp = flags.includes('UP');
  const place = placeOf(name, answers);
  return {
    name,
    index: link.ifindex,
    mac: link.address,
    operstate: link.operstate.toLowerCase(),
    adminUp,
    // The kernel knows of a carrier only while the link is administratively up.
    ...(adminUp ? { carrier: flags.includes('LOWER_UP') } : {}),
    ...(speed !== undefined && speed > 0 ? { speedMbps: speed } : {}),
    ...(duplex === undefined || duplex === 'unknown' ? {} : { duplex }),
    mtu: link.mtu,
    carrierChanges: stats64?.tx.carrier_changes,
    driver: driverOf(name, answers) ?? linkinfo?.info_kind,
    bus: place?.bus ?? link.parentbus ?? 'virtual',
    busPath: place?.busPath ?? link.parentdev,
    master: link.master,
    kind: linkinfo?.info_kind,
    nameAssignType: numberIn(contents, `${base}/${name}/name_assign_type`),
    statistics: statisticsOf(link),
  };
}

export function statisticsOf({ stats64 }: IpLink): Interface['statistics'] {
  return {
    rxPackets: stats64?.rx.packets ?? 0,
    txPackets: stats64?.tx.packets ?? 0,
    rxErrors: stats64?.rx.errors ?? 0,
    txErrors: stats64?.tx.errors ?? 0,
    rxDropped: stats64?.rx.dropped ?? 0,
    txDropped: stats64?.tx.dropped ?? 0,
    rxMissed: stats64?.rx.missed_errors ?? 0,
  };
}

function targetOf(path: string, answers: Answers): string | undefined {
  return answers.stats(devices).find((each) => each.path === path)?.target;
}

function driverOf(name: string, answers: Answers): string | undefined {
  return targetOf(`${base}/${name}/device/driver`, answers)?.split('/').at(-1);
}

/** `../../devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/net/enx…` → `usb`, `2-1:1.0` */
function placeOf(
  name: string,
  answers: Answers,
): { readonly bus: string; readonly busPath?: string } | undefined {
  const target = targetOf(`${base}/${name}`, answers);
  if (target === undefined) return undefined;
  if (target.includes('/devices/virtual/')) return { bus: 'virtual' };
  const busPath = /\/([^/]+)\/net\/[^/]+$/.exec(target)?.[1];
  if (busPath === undefined) return undefined;
  return { bus: busOf(busPath), busPath };
}

function busOf(busPath: string): string {
  if (/^\d+-[\d.]+:\d+\.\d+$/.test(busPath)) return 'usb';
  if (/^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/.test(busPath)) return 'pci';
  return /^virtio\d+$/.test(busPath) ? 'virtio' : 'platform';
}

/** The same as `ip` tells, from /sys. */
function fromSys(answers: Answers): IpLink[] {
  const { files } = answers.contents(instead);
  const names = files.flatMap(({ path }) => /^.*\/([^/]+)\/ifindex$/.exec(path)?.[1] ?? []);
  return names.flatMap((name) => linkFromSys(name, answers) ?? []);
}

function linkFromSys(ifname: string, answers: Answers): IpLink | undefined {
  const contents = answers.contents(instead);
  const line = (file: string): string | undefined => lineIn(contents, `${base}/${ifname}/${file}`);
  const number = (file: string): number | undefined =>
    numberIn(contents, `${base}/${ifname}/${file}`);
  const count = (name: string): number => number(`statistics/${name}`) ?? 0;
  const ifindex = number('ifindex');
  if (ifindex === undefined) return undefined;
  const isUp = (Number(line('flags') ?? 0) & 1) === 1;
  const master = answers.stats(masters).find(({ path }) => path === `${base}/${ifname}/master`);
  return {
    ifindex,
    ifname,
    flags: [...(isUp ? ['UP'] : []), ...(line('carrier') === '1' ? ['LOWER_UP'] : [])],
    mtu: number('mtu'),
    operstate: line('operstate') ?? 'unknown',
    address: line('address'),
    master: master?.target?.split('/').at(-1),
    linkinfo: { info_kind: /^DEVTYPE=(.+)$/m.exec(line('uevent') ?? '')?.[1] },
    stats64: {
      rx: {
        packets: count('rx_packets'),
        errors: count('rx_errors'),
        dropped: count('rx_dropped'),
        missed_errors: count('rx_missed_errors'),
      },
      tx: {
        packets: count('tx_packets'),
        errors: count('tx_errors'),
        dropped: count('tx_dropped'),
        carrier_changes: number('carrier_changes'),
      },
    },
  };
}
