import type { Millis } from '../../lib/clock.ts';
import { second } from '../../lib/time.ts';
import type { Facet } from '../../model/facet.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/**
 * Not shifted: a baseline was recorded from a host whose moments were shifted already, and a
 * certificate names its dates itself, by nobody's clock.
 */
const untouched = new Set(['baseline', 'certificates']);

/** A moment, or a list of them, by its name: `at`, `bootedAt`, `sinceAt` … */
const isMoment = /^at$|At$/;

/** Every moment of a host `ms` later: from our clock to the API server's, which is that much ahead. */
export function shiftHost(host: Host, ms: Millis): Host {
  return ms === 0 ? host : (shifted(host, ms) as Host);
}

function shifted(value: unknown, ms: Millis): unknown {
  if (Array.isArray(value)) return value.map((each) => shifted(each, ms));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]: [string, unknown]) => {
    if (untouched.has(key)) return [key, each];
    if (isMoment.test(key)) return [key, later(each, ms)];
    return [key, shifted(each, ms)];
  });
  return Object.fromEntries(entries);
}

function later(moment: unknown, ms: Millis): unknown {
  if (Array.isArray(moment)) return moment.map((each) => later(each, ms));
  return typeof moment === 'number' ? moment + ms : moment;
}

/** The API server tells its hour in whole seconds, so its clock may be this much further ahead. */
const serverDateStepMs: Millis = second;

/** The snapshot with its hosts, whose moments are by our own clock until then. */
export function withHosts(snapshot: Snapshot, hosts: Facet<readonly Host[]>): Snapshot {
  const { at, serverDate } = snapshot;
  if (hosts.state !== 'known') {
    return { ...snapshot, facets: { ...snapshot.facets, hosts } };
  }
  if (serverDate === undefined) {
    const value = hosts.value.map((host) => againstOurs(host, hosts.value));
    return { ...snapshot, facets: { ...snapshot.facets, hosts: { ...hosts, value } } };
  }
  const ahead = serverDate - at;
  const value = hosts.value.map((host) => againstServer(shiftHost(host, ahead), ahead));
  return { ...snapshot, facets: { ...snapshot.facets, hosts: { ...hosts, value } } };
}

/** Its clock's offset, measured against ours, against that of the API server. */
function againstServer(host: Host, ahead: Millis): Host {
  if (host.clock.state !== 'known') return host;
  const { least, most } = host.clock.value.offsetMs;
  const offsetMs = { least: least - ahead - serverDateStepMs, most: most - ahead };
  return { ...host, clock: { state: 'known', value: { ...host.clock.value, offsetMs } } };
}

/**
 * Where the API server does not tell the hour, a clock that differs from ours is wrong only if another
 * machine agrees with us: else ours may be the wrong one.
 */
function againstOurs(host: Host, hosts: readonly Host[]): Host {
  const { clock } = host;
  if (clock.state !== 'known' || agrees(host)) return host;
  if (hosts.some((other) => other !== host && agrees(other) && !isHere(other))) return host;
  const { least, most } = clock.value.offsetMs;
  const apart = Math.round(Math.max(least, -most) / second);
  const detail = `its clock and ours are ${apart} s apart, and nobody tells which of the two is wrong`;
  return { ...host, clock: { state: 'unknown', reason: 'no-answer', detail } };
}

function agrees({ clock }: Host): boolean {
  if (clock.state !== 'known') return false;
  const { least, most } = clock.value.offsetMs;
  return least <= second && most >= -second;
}

/** It has our own clock. */
function isHere({ ways }: Host): boolean {
  return ways.some(({ name, outcome }) => outcome === 'answered' && name.endsWith('this machine'));
}
