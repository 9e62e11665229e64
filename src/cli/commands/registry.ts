import type { CommandSpec } from '../spec.ts';
import { spec as audit } from './audit.ts';
import { spec as bundle } from './bundle.ts';
import { spec as checks } from './checks.ts';
import { spec as doctor } from './doctor.ts';
import { spec as explain } from './explain.ts';
import { spec as host } from './host.ts';
import { spec as hosts } from './hosts.ts';

/** In the order of the help. */
export const commands: readonly CommandSpec[] = [
  audit,
  explain,
  host,
  hosts,
  bundle,
  checks,
  doctor,
];
