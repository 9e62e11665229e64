import { type KernelHead, kernelHead } from './kernel-heads.ts';
import type { KernelClass } from './objects/host/kernel.ts';

/** One record of the kernel's log, as `/dev/kmsg` gives it. */
export interface KernelLine {
  /** Without time and priority. */
  readonly text: string;
  /** `SUBSYSTEM=` of its continuation lines. */
  readonly subsystem?: string | undefined;
  /** `DEVICE=` of its continuation lines, such as `+usb:2-1.4`. */
  readonly device?: string | undefined;
  /**
   * 0 is the kernel; whatever else is there was written by a program and says nothing of a device.
   * Left out where the source does not tell.
   */
  readonly facility?: number | undefined;
}

/** What a line says. Devices are given as far as the line names them. */
export interface Classified {
  readonly class: KernelClass;
  readonly usb?: string;
  readonly interface?: string;
  readonly from?: string;
  readonly driver?: string;
  readonly about?: string;
  readonly speedMbps?: number;
}

/** `head` is what the line must begin with; groups of `says` are fields of `Classified`. */
interface Pattern {
  readonly class: KernelClass;
  readonly head: KernelHead['style'] | 'any';
  readonly by?: RegExp;
  readonly says: RegExp;
}

/**
 * Classes that any machine writes at boot and whenever a cable is plugged: they tell a story and
 * are no fault by themselves.
 */
export const ordinaryClasses: readonly KernelClass[] = [
  'usb-attach',
  'link-up',
  'link-down',
  'link-speed',
  'rename',
];

/** Nothing of interest lies further in; and no line may cost more than a short one. */
const mostLetters = 1000;

/**
 * In order, first match wins. What is left out on purpose, though drivers of network adapters write
 * it: versions and probes, firmware, MAC addresses, registration of drivers, promiscuous mode, what
 * bridges and bonds do with a port whose own record says more, `network connection: connected`
 * (written up to 30 times a second while all is well), and xHCI's `WARN Event TRB …`, which the
 * driver's maintainers call harmless.
 */
const patterns: readonly Pattern[] = [
  // The USB bus.
  { class: 'usb-disconnect', head: 'device', says: /^USB disconnect, device number \d/ },
  { class: 'usb-attach', head: 'device', says: /^new (?<speed>[\w -]{1,40}) USB device number \d/ },
  {
    class: 'usb-attach',
    head: 'device',
    says: /^New USB device found, idVendor=(?<vendor>[0-9a-f]{4}), idProduct=(?<product>[0-9a-f]{4})/,
  },
  {
    class: 'usb-reset',
    head: 'device',
    says: /^reset (?<speed>[\w -]{1,40}) USB device number \d/,
  },
  { class: 'usb-reset-failed', head: 'device', says: /^Failed to reset\b/ },
  {
    class: 'usb-enumeration-error',
    head: 'device',
    says: /^(?:device descriptor read\/\S{1,8}, error -\d|device not accepting address \d|Device not responding to setup address|unable to enumerate USB device|attempt power cycle|couldn't allocate usb_device)/,
  },
  { class: 'usb-over-current', head: 'device', says: /^over-current (?:condition|change)/ },
  {
    class: 'usb-port-error',
    head: 'device',
    says: /^(?:cannot reset \(err = -\d|Cannot enable\. |cannot disable \(err = -\d|hub_ext_port_status failed|clear tt \d|disabled by hub \(EMI\?\)|config error)/,
  },
  { class: 'power', head: 'device', says: /^Failed to suspend device, error -\d/ },
  {
    class: 'xhci-dead',
    head: 'device',
    by: /^xhci[-_]hcd$/,
    says: /^(?:HC died; cleaning up|xHCI host controller not responding, assume dead|xHCI host not responding to stop endpoint command|Host halt failed|Abort failed to stop command ring|WARNING: Host System Error)/,
  },
  {
    class: 'xhci-trouble',
    head: 'device',
    by: /^xhci[-_]hcd$/,
    says: /^(?:Error: Failed finding new dequeue state|Failed to clear cancelled cached URB|Timeout while waiting for setup device command|ERROR )/,
  },
  // The adapter's driver.
  {
    class: 'register-error',
    head: 'device',
    says: /^(?:[gs]et_registers -\d|Get ether addr fail|Failed to (?:read|write) reg index|(?:read|write) type=0x[0-9a-f]{1,8}, index=0x[0-9a-f]{1,8} fail -\d)/,
  },
  { class: 'interrupt-error', head: 'device', says: /^can't resubmit intr, status -\d/ },
  { class: 'transmit-error', head: 'device', says: /^Tx status -\d/ },
  { class: 'transmit-timeout', head: 'device', says: /^Tx timeout\b/ },
  { class: 'transmit-hang', head: 'device', says: /^Detected (?:Hardware|Tx) Unit Hang/ },
  { class: 'watchdog', head: 'device', says: /^NETDEV WATCHDOG: .{0,40}transmit queue \d/ },
  {
    class: 'watchdog',
    head: 'none',
    says: /^NETDEV WATCHDOG: (?<interface>\S{1,15}) \((?<driver>[\w.-]{1,40})\): transmit queue \d/,
  },
  // The stack trace that may be all that is left of it names no device.
  { class: 'watchdog', head: 'none', says: /^WARNING: .{0,60}\bsch_generic\.c:\d+ dev_watchdog\+/ },
  { class: 'unregister', head: 'device', says: /^unregister '[\w-]{1,40}' / },
  { class: 'rename', head: 'device', says: /^renamed from (?<from>\S{1,15})/ },
  { class: 'rename', head: 'interface', says: /^renamed from (?<from>\S{1,15})/ },
  {
    class: 'link-up',
    head: 'any',
    says: /^(?:\w{1,20}: \S{1,15} )?(?:NIC )?link is up(?:[ ,-]{1,3}(?:at )?(?<rate>[\d.]{1,6}) ?(?<unit>[GM])bps)?/i,
  },
  { class: 'link-up', head: 'any', says: /^link up\b/i },
  { class: 'link-up', head: 'device', says: /^(?:carrier on|\w{1,20} - Link status is: 1)/ },
  {
    class: 'link-up',
    head: 'none',
    // Pods have an `eth0` of their own, and this line does not say whose it is.
    says: /^IPv6: ADDRCONF\(NETDEV_(?:CHANGE|UP)\): (?<interface>(?:en|wl|usb)\S{1,13}): link becomes ready/,
  },
  {
    class: 'link-down',
    head: 'any',
    says: /^(?:\w{1,20}: \S{1,15} )?(?:NIC )?link (?:is )?down\b/i,
  },
  {
    class: 'link-down',
    head: 'device',
    says: /^(?:carrier off|\w{1,20} - Link status is: 0|network connection: disconnected|speed changed to 0 for port)/,
  },
  {
    class: 'link-speed',
    head: 'device',
    says: /^(?<rate>\d{1,6}) mbit\/s downlink \d{1,6} mbit\/s uplink/,
  },
  // The machine.
  {
    class: 'oom-kill',
    head: 'none',
    says: /^(?:Memory cgroup out of memory|Out of memory)[^:]{0,60}: Kill(?:ed)? process \d+ \((?<about>.{1,16}?)\)/,
  },
  // Drives that are empty, and those of virtual machines that are not there.
  {
    class: 'io-error',
    head: 'none',
    says: /^(?:blk_update_request: |print_req_error: |end_request: |Buffer )?(?:I\/O error,? |critical \w{1,12} error, )(?:on )?dev (?!fd\d|sr\d)(?<about>[\w!-]{1,32})/,
  },
  {
    class: 'io-error',
    head: 'none',
    says: /^(?:EXT4-fs error|BTRFS error|F2FS-fs error) \(device (?<about>[\w!-]{1,32})/,
  },
  { class: 'io-error', head: 'none', says: /^XFS \((?<about>[\w!-]{1,32})\): metadata I\/O error/ },
  {
    class: 'io-error',
    head: 'none',
    says: /^nvme (?<about>nvme\d{1,3}): (?:I\/O \S{1,40} .{0,40}timeout|controller is down)/,
  },
  {
    class: 'read-only',
    head: 'none',
    says: /^(?:EXT4-fs|EXT3-fs) \((?<about>[\w!-]{1,32})\): Remounting filesystem read-only/,
  },
  {
    class: 'read-only',
    head: 'none',
    says: /^BTRFS(?: \w{1,10})? \(device (?<about>[\w!-]{1,32})[^)]{0,40}\): forced readonly/,
  },
  {
    class: 'read-only',
    head: 'none',
    says: /^XFS \((?<about>[\w!-]{1,32})\): (?:Filesystem has been shut down|.{0,80}Shutting down filesystem)/,
  },
  {
    class: 'hung-task',
    head: 'none',
    says: /^INFO: task (?<about>.{1,40}?):\d+ blocked(?: in I\/O wait)? for more than \d+ seconds/,
  },
  // Whose tasks hang next.
  {
    class: 'hung-task',
    head: 'none',
    says: /^nfs: server (?<about>\S{1,64}) not responding, (?:still trying|timed out)/,
  },
  {
    class: 'conntrack-full',
    head: 'none',
    says: /^(?:nf_conntrack: ){1,2}table full, dropping packet/,
  },
  {
    class: 'disk-full',
    head: 'none',
    says: /^EXT4-fs \((?<about>[\w!-]{1,32})\): Delayed block allocation failed .{0,120}with error 28\b/,
  },
  {
    class: 'disk-full',
    head: 'none',
    says: /^device-mapper: thin: (?<about>\d+:\d+): (?:switching pool to out-of-data-space|no free data space)/,
  },
  {
    class: 'disk-full',
    head: 'none',
    says: /^(?:EXT4-fs|XFS|BTRFS|F2FS-fs|overlayfs|loop)\b.{0,120}(?:No space left on device|\bENOSPC\b|\(-28\)|error -28\b)/,
  },
];

/** What a record of the kernel's log says of a node; undefined when it says nothing of that kind. */
export function classifyKernelLine(line: KernelLine): Classified | undefined {
  // Anyone who may write to /dev/kmsg could otherwise invent a disconnect.
  if (line.facility !== undefined && line.facility !== 0) return undefined;
  const head = kernelHead(line.text.slice(0, mostLetters));
  for (const pattern of patterns) {
    if (pattern.head !== 'any' && pattern.head !== head.style) continue;
    if (pattern.head === 'any' && head.style === 'none') continue;
    if (pattern.by && !pattern.by.test(head.driver ?? '')) continue;
    const match = pattern.says.exec(head.said);
    if (!match) continue;
    const classified = fields(pattern.class, head, match.groups ?? {}, line);
    return isPodNoise(classified, head) ? undefined : classified;
  }
  return undefined;
}

type Groups = { readonly [name: string]: string | undefined };

function fields(
  kernelClass: KernelClass,
  head: KernelHead,
  groups: Groups,
  { subsystem, device }: KernelLine,
): Classified {
  const usb = head.usb ?? (subsystem === 'usb' ? usbOf(device) : undefined);
  const id = groups['vendor'] && `${groups['vendor']}:${groups['product'] ?? ''}`;
  const found: { readonly [name: string]: string | number | undefined } = {
    usb,
    interface: groups['interface'] ?? head.interface,
    from: groups['from'],
    driver: groups['driver'] ?? head.driver,
    about: groups['about'] ?? id ?? head.pci,
    speedMbps: speedOf(groups),
  };
  const given = Object.entries(found).filter(([, value]) => value !== undefined);
  return { class: kernelClass, ...Object.fromEntries(given) };
}

/** `+usb:2-1.4:1.0` → `2-1.4` */
function usbOf(device: string | undefined): string | undefined {
  return /^\+usb:(\d+-[\d.]+)/.exec(device ?? '')?.[1];
}

/** By the words of `usb_speed_string`; the longest first. */
const usbSpeeds: readonly (readonly [RegExp, number])[] = [
  [/^SuperSpeed Plus Gen 2x2/, 20_000],
  [/^SuperSpeed Plus/, 10_000],
  [/^(?:SuperSpeed|super-speed)/, 5000],
  [/^high-speed/, 480],
  [/^full-speed/, 12],
  [/^low-speed/, 1.5],
];

function speedOf({ speed, rate, unit }: Groups): number | undefined {
  if (rate !== undefined) return Number(rate) * (unit?.toUpperCase() === 'G' ? 1000 : 1);
  if (speed === undefined) return undefined;
  return usbSpeeds.find(([words]) => words.test(speed))?.[1];
}

/** Names that container runtimes and CNI plugins give while they make a pod's interface. */
const podNames = /^(?:tmp|veth|lxc|cali|cilium|cni|flannel|docker|phys|dummy|br-)/;

/** One kernel log holds every pod's interfaces too: their names come and go with the pods. */
function isPodNoise(
  { class: kernelClass, from = '', interface: name = '' }: Classified,
  head: KernelHead,
): boolean {
  if (head.style === 'device') return false;
  if (kernelClass !== 'rename' && kernelClass !== 'link-up') return false;
  return podNames.test(name) || podNames.test(from);
}
