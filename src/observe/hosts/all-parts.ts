import type { HostPart } from '../../model/objects/host/host.ts';
import type { Part } from './part.ts';
import { addresses } from './parts/addresses.ts';
import { certificates } from './parts/certificates.ts';
import { clock } from './parts/clock.ts';
import { diskLatency } from './parts/disk-latency.ts';
import { fileSystems } from './parts/file-systems.ts';
import { firewall } from './parts/firewall.ts';
import { haproxy } from './parts/haproxy.ts';
import { interfaces } from './parts/interfaces.ts';
import { k3s } from './parts/k3s.ts';
import { kernel } from './parts/kernel.ts';
import { kmsg } from './parts/kmsg.ts';
import { kubelet } from './parts/kubelet.ts';
import { limits } from './parts/limits.ts';
import { networkd } from './parts/networkd.ts';
import { routes } from './parts/routes.ts';
import { serverPath } from './parts/server-path.ts';
import { system } from './parts/system.ts';
import { tcp } from './parts/tcp.ts';
import { units } from './parts/units.ts';
import { usage } from './parts/usage.ts';
import { usb } from './parts/usb.ts';

/** One for each part of a host, and no part without one: the type sees to it. */
export const allParts: { readonly [K in HostPart]: Part<K> } = {
  system,
  kmsg,
  units,
  k3s,
  kubelet,
  certificates,
  clock,
  fileSystems,
  usage,
  diskLatency,
  limits,
  interfaces,
  addresses,
  routes,
  usb,
  networkd,
  firewall,
  tcp,
  serverPath,
  kernel,
  haproxy,
};
