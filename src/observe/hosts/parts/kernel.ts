import { type Answers, outputOf, run, Unseen } from '../answers.ts';
import { recognised } from '../kernel-records.ts';
import { type KmsgRecord, parseDmesg, parseKmsg } from '../kmsg.ts';
import type { Part } from '../part.ts';
import { timeRequests, timesOf } from '../times.ts';
import { kmsgRequest } from './kmsg.ts';
import { containerOf, containerRequests } from './system.ts';

const options = { timeoutMs: 4000, maxBytes: 4 * 1024 * 1024 };

/** A record for each read, and none is longer than 8 KiB. It ends with an error, at the newest. */
const records = run(
  ['dd', 'if=/dev/kmsg', 'iflag=nonblock', 'bs=8192', 'count=200000', 'status=none'],
  options,
);
const dmesg = run(['dmesg', '-r'], options);

export const kernel: Part<'kernel'> = partFor({ anyFacility: false });

/** `anyFacility` is for tests: who may write to /dev/kmsg can then play the kernel. */
export function partFor(how: { readonly anyFacility: boolean }): Part<'kernel'> {
  return {
    part: 'kernel',
    requests: () => [...timeRequests, ...containerRequests, kmsgRequest],
    more: (answers) => [isKernelLog(answers) ? records : dmesg],
    read: (answers, context) => {
      const times = timesOf(answers, context);
      const read = isKernelLog(answers) ? fromKmsg(answers) : fromDmesg(answers);
      const [first] = read;
      // The ring is never empty: the kernel writes to it before anything else happens.
      if (!first) throw new Unseen('no-answer', "the kernel's log came back empty");
      return {
        state: 'known',
        value: {
          source: isKernelLog(answers) ? 'kmsg' : 'dmesg',
          records: recognised(read, times.fromBoot, how),
          read: read.length,
          shared: containerOf(answers) !== 'none',
          sinceAt: times.fromBoot(first.micros),
        },
      };
    },
  };
}

/** Device 1:11 and nothing else: a link to a console is a terminal, and reading takes its input away. */
function isKernelLog(answers: Answers): boolean {
  const stat = answers.stats(kmsgRequest)[0];
  return stat?.type === 'character' && stat.device?.major === 1 && stat.device.minor === 11;
}

function fromKmsg(answers: Answers): KmsgRecord[] {
  const answer = answers.ran(records);
  const isRead = answer.kind === 'ran' && answer.stdout !== '';
  return parseKmsg(isRead ? answer.stdout : outputOf(answer, 'dd'));
}

function fromDmesg(answers: Answers): KmsgRecord[] {
  return parseDmesg(outputOf(answers.ran(dmesg), 'dmesg'));
}
