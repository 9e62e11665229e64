import type { Baseline } from '../../model/objects/host/host.ts';
import { packBaselines, unpackBaselines } from '../../observe/hosts/baseline.ts';
import { readIfThere } from '../read.ts';
import { Problem } from '../spec.ts';
import { writeWhole } from '../write.ts';

export type Baselines = ReadonlyMap<string, Baseline>;

/** What was well once, by host; nothing where nothing was recorded. */
export async function readBaselines(file: string): Promise<Baselines> {
  const bytes = await readIfThere(file, 'baseline of machines');
  if (!bytes) return new Map();
  const unpacked = unpackBaselines(bytes.toString('utf8'));
  if ('baselines' in unpacked) return unpacked.baselines;
  throw new Problem(
    `${file} is no baseline of machines: ${unpacked.problem}`,
    'move it away, and record it again with --record-baseline',
  );
}

/** Puts these beside what was recorded of other machines. */
export async function writeBaselines(file: string, fresh: Baselines): Promise<void> {
  const all = new Map([...(await readBaselines(file)), ...fresh]);
  await writeWhole(file, packBaselines(all), 'choose another place with the key baseline');
}
