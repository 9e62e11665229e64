/**
 * A kubelet with a clock of its own, built when it is first wanted: `go build -overlay` with a
 * `time.Now` that adds the seconds of EVENKEEL_CLOCK_OFFSET_SECONDS. libfaketime moves no Go program.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheRoot, runStep } from '../build.ts';
import { type NodesBuild, nodeBuildFlags } from './build.ts';

const original = 'sec, nsec, mono := runtimeNow()\n';
const patched = `${original}\tsec += bedOffset\n`;

/** Package time may import syscall, but not os or strconv. */
const addition = `package time

import "syscall"

var bedOffset = readBedOffset()

func readBedOffset() int64 {
	text, _ := syscall.Getenv("EVENKEEL_CLOCK_OFFSET_SECONDS")
	offset, err := atoi(text)
	if err != nil {
		return 0
	}
	return int64(offset)
}
`;

/** Builds it unless it is there, which takes about as long as the first build of the bed. */
export async function buildClockKubelet(
  build: NodesBuild,
  print: (line: string) => void,
): Promise<string> {
  const directory = path.join(build.directory, 'clock');
  const kubelet = path.join(directory, 'kubelet');
  if (existsSync(kubelet)) return kubelet;
  const partial = path.join(cacheRoot(), `.building-nodes-${process.pid}`);
  mkdirSync(partial, { recursive: true });
  try {
    const overlay = writeOverlay(partial);
    const output = path.join(partial, 'kubelet');
    const step = {
      title: 'a kubelet with a clock of its own (about 6 minutes the first time)',
      directory: build.module,
      arguments: ['build', '-overlay', overlay, ...nodeBuildFlags(), '-o', output, './kubelet'],
      environment: { CGO_ENABLED: '0' },
    };
    await runStep(step, print);
    mkdirSync(directory, { recursive: true });
    renameSync(output, kubelet);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return kubelet;
}

/** The patched source is made from the toolchain's own, and never kept in this repository. */
function writeOverlay(directory: string): string {
  const { stdout } = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' });
  const time = path.join(stdout.trim(), 'src/time');
  const source = readFileSync(path.join(time, 'time.go'), 'utf8');
  // Now and nothing else: Since and the timers count the monotonic clock, which nobody moves.
  const start = source.indexOf('func Now() Time {');
  const at = source.indexOf(original, start);
  if (start < 0 || at < 0) throw new Error('time.Now of this Go toolchain is not the expected one');
  const text = source.slice(0, at) + patched + source.slice(at + original.length);
  const replaced = path.join(directory, 'time.go');
  const added = path.join(directory, 'bed_offset.go');
  writeFileSync(replaced, text);
  writeFileSync(added, addition);
  const overlay = path.join(directory, 'overlay.json');
  const replace = {
    [path.join(time, 'time.go')]: replaced,
    [path.join(time, 'bed_offset.go')]: added,
  };
  writeFileSync(overlay, JSON.stringify({ Replace: replace }));
  return overlay;
}
