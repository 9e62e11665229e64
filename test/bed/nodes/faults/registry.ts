import { certificate } from './certificate.ts';
import { clock } from './clock.ts';
import { clockMinute } from './clock-minute.ts';
import { config } from './config.ts';
import { cut } from './cut.ts';
import { cutOneWay } from './cut-one-way.ts';
import { diskFile } from './disk-file.ts';
import { diskPod } from './disk-pod.ts';
import type { Fault } from './fault.ts';
import { frozen } from './frozen.ts';
import { kmsg } from './kmsg.ts';
import { kubeletKilled } from './kubelet-killed.ts';
import { rename } from './rename.ts';
import { renameUp } from './rename-up.ts';
import { serverOff } from './server-off.ts';
import { serverStopped } from './server-stopped.ts';
import { stopped } from './stopped.ts';
import { unitStopped } from './unit-stopped.ts';

/** Every fault, sorted by name. */
export const faults: readonly Fault[] = [
  certificate,
  clock,
  clockMinute,
  config,
  cut,
  cutOneWay,
  diskFile,
  diskPod,
  frozen,
  kmsg,
  kubeletKilled,
  rename,
  renameUp,
  serverOff,
  serverStopped,
  stopped,
  unitStopped,
];

/** Throws with the names that there are. */
export function faultNamed(name: string): Fault {
  const fault = faults.find((each) => each.name === name);
  if (fault !== undefined) return fault;
  throw new Error(`no fault "${name}"; there are: ${faults.map((each) => each.name).join(', ')}`);
}
