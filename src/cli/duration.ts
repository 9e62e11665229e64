import { durationMs } from '../config/duration.ts';
import { Problem } from './spec.ts';

/** `90s`, `2m`, `500ms`, `1h` to milliseconds. */
export function parseDuration(text: string, option: string): number {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  throw new Problem(
    `${option} ${text}: not a duration between 1ms and 24h`,
    `write for example ${option} 60s, or 2m`,
  );
}
