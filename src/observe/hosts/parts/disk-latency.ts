import { byText } from '../../../lib/order.ts';
import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, contentsOf, needText } from '../answers.ts';
import type { Part, Seen } from '../part.ts';
import { timeRequests, timesOf } from '../times.ts';

type Latency = Extract<Host['diskLatency'], { state: 'known' }>['value'][number];

export const diskStatsRequest = contentsOf(['/proc/diskstats'], 128 * 1024);

/** Whole disks and what is laid over them; partitions would tell the same again. */
const devices =
  /^(?:(?:sd|vd|xvd|hd)[a-z]+|nvme\d+n\d+|mmcblk\d+|dm-\d+|md\d+|loop\d+|zd\d+|rbd\d+)$/;

export const diskLatency: Part<'diskLatency'> = {
  part: 'diskLatency',
  requests: () => [...timeRequests, diskStatsRequest],
  read: (answers, context) => {
    const { machineUptimeMs } = timesOf(answers, context);
    const value = [...writesIn(answers)].flatMap(([device, { writes, ms }]): Latency[] => {
      const before = context.since?.writes.get(device);
      if (context.since && before && writes > before.writes) {
        const done = writes - before.writes;
        const writeMs = (ms - before.ms) / done;
        const { overMs } = context.since;
        return [{ device, writeMs, writes: done, overMs, span: 'interval' }];
      }
      if (writes === 0) return [];
      return [{ device, writeMs: ms / writes, writes, overMs: machineUptimeMs, span: 'boot' }];
    });
    return { state: 'known', value: value.toSorted((a, b) => byText(a.device, b.device)) };
  },
};

/** Writes that ended, and the milliseconds that they took, since the machine booted. */
export function writesIn(answers: Answers): NonNullable<Seen['since']>['writes'] {
  return parseDiskStats(needText(answers.contents(diskStatsRequest), '/proc/diskstats'));
}

/** https://docs.kernel.org/admin-guide/iostats.html: fields 5 and 8 after the name. */
export function parseDiskStats(
  text: string,
): ReadonlyMap<string, { readonly writes: number; readonly ms: number }> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, , name = '', ...fields] = line.trim().split(/\s+/);
      const [writes, ms] = [Number(fields[4]), Number(fields[7])];
      const isCount = Number.isSafeInteger(writes) && Number.isSafeInteger(ms);
      return devices.test(name) && isCount ? [[name, { writes, ms }] as const] : [];
    }),
  );
}
