import { formatDuration, formatMoment, plural } from '../lib/format.ts';
import { minute } from '../lib/time.ts';
import type { AuditDocument, IncidentEntry } from './schema.ts';

/** The hour by which the cluster was judged. */
export function hourOf({ at, serverDate }: AuditDocument): number {
  return Date.parse(serverDate ?? at);
}

/** `began between 2025-10-10 08:02 and 08:12 UTC, 3 days ago` */
export function onsetText({ from, to }: IncidentEntry['onset'], now: number): string {
  const end = Date.parse(to);
  const start = from === null ? end : Date.parse(from);
  const ago = now > end ? `, ${formatDuration(now - end)} ago` : '';
  if (from === null) return `seen since ${formatMoment(end)}${ago}`;
  if (end - start < minute) return `began ${formatMoment(end)}${ago}`;
  const first = formatMoment(start);
  const second = formatMoment(end);
  const sameDay = first.slice(0, 10) === second.slice(0, 10);
  const until = sameDay ? second.slice(11) : second;
  return `began between ${first.replace(' UTC', '')} and ${until}${ago}`;
}

/** `, since 2025-10-10 08:12 UTC`; nothing of what was only seen to be so at the look itself. */
export function sinceText(at: string | null, now: number): string {
  return at === null || Date.parse(at) >= now ? '' : `, since ${formatMoment(Date.parse(at))}`;
}

/** `3 machines`, `2 of 3 machines answered` */
export function machinesWords({ hosts }: AuditDocument): string[] {
  if (!hosts || hosts.length === 0) return [];
  const answered = hosts.filter((each) => each.answered).length;
  const all = plural(hosts.length, 'machine');
  return [answered === hosts.length ? all : `${answered} of ${all} answered`];
}
