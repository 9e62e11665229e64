import type { Millis } from './clock.ts';

export const second: Millis = 1000;
export const minute: Millis = 60 * second;
export const hour: Millis = 60 * minute;
export const day: Millis = 24 * hour;

/** Parses a Kubernetes Time or MicroTime (RFC 3339). Anything else is undefined. */
export function parseTime(text: string | null | undefined): Millis | undefined {
  if (!text) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
