import { byText } from '../../../lib/order.ts';
import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, contentsOf, lineIn, numberIn, statsOf } from '../answers.ts';
import type { Part } from '../part.ts';

type Device = Extract<Host['usb'], { state: 'known' }>['value'][number];

const base = '/sys/bus/usb/devices';

const files = contentsOf(
  [
    ...['idVendor', 'idProduct', 'product', 'speed', 'version'],
    ...['control', 'runtime_status', 'runtime_usage', 'runtime_suspended_time'].map(
      (name) => `power/${name}`,
    ),
  ].map((name) => `${base}/*/${name}`),
  256,
);
const links = statsOf(`${base}/*/driver`, `${base}/*/net/*`);

export const usb: Part<'usb'> = {
  part: 'usb',
  requests: () => [files, links],
  read: (answers) => {
    const paths = answers
      .contents(files)
      .files.flatMap(({ path }) => /^.*\/([^/]+)\/idVendor$/.exec(path)?.[1] ?? []);
    return { state: 'known', value: paths.toSorted(byText).map((path) => deviceOf(path, answers)) };
  },
};

function deviceOf(path: string, answers: Answers): Device {
  const contents = answers.contents(files);
  const line = (name: string): string | undefined => lineIn(contents, `${base}/${path}/${name}`);
  const count = (name: string): number | undefined =>
    numberIn(contents, `${base}/${path}/power/${name}`);
  const speed = Number(line('speed'));
  return {
    path,
    id: `${line('idVendor') ?? ''}:${line('idProduct') ?? ''}`,
    product: line('product'),
    ...(speed > 0 ? { speedMbps: speed } : {}),
    capableMbps: capableOf(line('version')),
    driver: driverOf(path, answers),
    interfaces: interfacesOf(path, answers),
    powerControl: line('power/control'),
    runtimeStatus: line('power/runtime_status'),
    runtimeUsage: count('runtime_usage'),
    suspendedMs: count('runtime_suspended_time'),
  };
}

/**
 * By `bcdUSB`. From 3.0 on it tells no more than SuperSpeed. A device that says 2.10 may be a faster one
 * that came up slow, or may not: that is not told.
 */
function capableOf(version: string | undefined): number | undefined {
  const [, major, minor] = /^(\d+)\.(\d\d)$/.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined) return undefined;
  if (Number(major) >= 3) return 5000;
  if (major === '2') return minor === '10' ? undefined : 480;
  return 12;
}

/** Its functions are named after it: `2-1.4:1.0`. */
function belongs(name: string, path: string): boolean {
  return name.startsWith(`${path}:`);
}

function interfacesOf(path: string, answers: Answers): string[] {
  return answers
    .stats(links)
    .flatMap((each) => {
      const [, owner = '', name] = /\/devices\/([^/]+)\/net\/([^/]+)$/.exec(each.path) ?? [];
      return name !== undefined && belongs(owner, path) ? [name] : [];
    })
    .toSorted(byText);
}

/** What drives its first function; `usb` and `hub` say nothing that the path does not. */
function driverOf(path: string, answers: Answers): string | undefined {
  const drivers = answers.stats(links).flatMap((each) => {
    const [, owner = ''] = /\/devices\/([^/]+)\/driver$/.exec(each.path) ?? [];
    const driver = each.target?.split('/').at(-1);
    return driver !== undefined && belongs(owner, path) ? [{ owner, driver }] : [];
  });
  return drivers.toSorted((a, b) => byText(a.owner, b.owner))[0]?.driver;
}
