import type { Millis } from './clock.ts';
import { day, hour, minute, second } from './time.ts';

/** A duration as a person says it: `340 ms`, `50 s`, `4 min`, `2 h 10 min`, `3 days`. Rounded down. */
export function formatDuration(ms: Millis): string {
  if (!Number.isFinite(ms)) return ms > 0 ? 'forever' : 'an unknown time';
  const span = Math.max(0, ms);
  if (span === 0) return '0 s';
  if (span < second) return `${Math.floor(span)} ms`;
  if (span < 2 * minute) return `${Math.floor(span / second)} s`;
  if (span < hour) return `${Math.floor(span / minute)} min`;
  if (span >= 2 * day) return `${Math.floor(span / day)} days`;
  const hours = Math.floor(span / hour);
  const minutes = Math.floor((span % hour) / minute);
  return minutes === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes} min`;
}

const earliest = Date.parse('0000-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59Z');

/** RFC 3339 with four-digit years; what is no time at all becomes the epoch. */
export function isoTime(at: Millis): string {
  if (Number.isNaN(at)) return new Date(0).toISOString();
  return new Date(Math.min(latest, Math.max(earliest, at))).toISOString();
}

/** `2025-10-13 08:12 UTC` */
export function formatMoment(at: Millis): string {
  return `${isoTime(at).slice(0, 16).replace('T', ' ')} UTC`;
}

const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** `512 B`, `1.2 GiB`, `64 MiB` */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'an unknown size';
  if (Math.abs(bytes) < 1024) return `${Math.round(bytes)} B`;
  let size = bytes;
  let unit = '';
  for (unit of units) {
    size /= 1024;
    if (Math.abs(size) < 1023.5) break;
  }
  return `${size.toFixed(Math.abs(size) < 9.95 ? 1 : 0).replace(/\.0$/, '')} ${unit}`;
}

/** `93 %`; only what is whole is called 100 %, and only nothing is called 0 %. */
export function formatPercent(percent: number): string {
  if (!Number.isFinite(percent)) return 'an unknown share';
  if (percent > 0 && percent < 1) return '< 1 %';
  return `${percent > 99 && percent < 100 ? 99 : Math.round(percent)} %`;
}

/** `1 finding`, `2 findings`, `3 checks` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a, b, c and 5 more`; one more than the limit is rather named than counted. */
export function shortList(items: readonly string[], limit = 3): string {
  if (items.length <= limit + 1) return items.join(', ');
  return `${items.slice(0, limit).join(', ')} and ${items.length - limit} more`;
}

/** `kubelet, host or link` */
export function oneOf(items: readonly string[]): string {
  return joined(items, 'or');
}

/** `kubelet, host and link` */
export function allOf(items: readonly string[]): string {
  return joined(items, 'and');
}

function joined(items: readonly string[], word: string): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}
