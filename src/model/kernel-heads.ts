/** What a line of the kernel's log begins with: who says it, and of which device. */
export interface KernelHead {
  /**
   * `device`: `r8152 2-1:1.0 eth2: …` or `usb 2-1: …`. `interface`: `eth0: …` or `e1000e: eth1 …`.
   * `none`: the whole line is what is said.
   */
  readonly style: 'device' | 'interface' | 'none';
  readonly driver?: string;
  /** `2-1.4`: the USB device, or the place of one below a hub's port. */
  readonly usb?: string;
  /** Of another bus: `0000:04:00.0`, `f10f8000.usb3`. */
  readonly pci?: string;
  readonly interface?: string;
  readonly said: string;
}

const name = '[^\\s:()/]{1,15}';

/** As `dev_printk` and `netdev_printk` write it. An unregistered interface has no name yet. */
const ofDevice = new RegExp(
  `^(?<driver>[\\w.-]{1,40}) (?<device>[\\w:.-]{0,63}\\w)(?: (?<interface>${name}))?(?: \\(unnamed net_device\\))?(?: \\(uninitialized\\))?: `,
);

/** As drivers with words of their own write it: `r8125: eth2: …`, `e1000e: eth1 NIC Link …`. */
const ofDriver = new RegExp(
  `^(?<driver>[a-z][\\w-]{1,20}): (?<interface>${name})(?:: | (?=NIC Link ))`,
);

const ofInterface = new RegExp(`^(?<interface>${name}): `);

const usbDevice = /^(?<path>\d{1,3}-\d[\d.]{0,30})(?::\d{1,3}\.\d{1,3})?$/;
/** A port of a root hub, or of a hub further out: the device in it has the next longer path. */
const rootPort = /^usb(?<bus>\d{1,3})-port(?<port>\d{1,3})$/;
const hubPort = /^(?<hub>\d{1,3}-\d[\d.]{0,30})-port(?<port>\d{1,3})$/;
const rootHub = /^usb\d{1,3}$/;
/** `0000:04:00.0`, `xhci-hcd.2.auto`, `f10f8000.usb3`, `virtio0` */
const otherDevice =
  /^(?:virtio\d{1,3}|[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.\d|[\w-]{1,30}\.[\w.-]{1,30})$/;

/** Takes a line apart. Costs no more than the line is long. */
export function kernelHead(text: string): KernelHead {
  const whole = ofDevice.exec(text);
  const place = whole && placeOf(whole.groups?.['device'] ?? '');
  if (whole && place) {
    const { driver, interface: named } = whole.groups ?? {};
    return {
      style: 'device',
      ...(driver === undefined ? {} : { driver }),
      ...place,
      ...(named === undefined ? {} : { interface: named }),
      said: text.slice(whole[0].length),
    };
  }
  const named = ofDriver.exec(text) ?? ofInterface.exec(text);
  if (!named) return { style: 'none', said: text };
  const { driver, interface: interfaceName = '' } = named.groups ?? {};
  // Words such as `EXT4-fs error` end in a colon too: what is said decides, see the patterns.
  const said = text.slice(named[0].length);
  if (!isOfInterface.test(said)) return { style: 'none', said: text };
  return {
    style: 'interface',
    ...(driver === undefined ? {} : { driver }),
    interface: interfaceName,
    said,
  };
}

/** The only things that are taken from lines which name an interface and no device. */
const isOfInterface = /^(?:(?:NIC )?link |renamed from )/i;

function placeOf(device: string): Pick<KernelHead, 'usb' | 'pci'> | undefined {
  const direct = usbDevice.exec(device)?.groups?.['path'];
  if (direct !== undefined) return { usb: direct };
  const root = rootPort.exec(device)?.groups;
  if (root) return { usb: `${root['bus']}-${root['port']}` };
  const hub = hubPort.exec(device)?.groups;
  if (hub) return { usb: `${hub['hub']}.${hub['port']}` };
  if (rootHub.test(device)) return { usb: device };
  return otherDevice.test(device) ? { pci: device } : undefined;
}
