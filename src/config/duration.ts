const unitMs: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Longer than this is no patience but a mistake; Node's timers end at 24 days. */
const longestMs = 24 * 3_600_000;

/** `90s`, `2m`, `500ms`, `1.5h` to milliseconds; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs[unit ?? ''] ?? Number.NaN);
  return ms >= 1 && ms <= longestMs ? ms : undefined;
}
