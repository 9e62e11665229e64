import type { Host, HostPart } from '../../src/model/objects/host/host.ts';
import type { Severity } from '../../src/model/severity.ts';
import type { CheckCase } from './cases.ts';
import { host, silentHost } from './hosts.ts';
import { noon } from './snapshot.ts';

const noonAt = Date.parse(noon);

/** So many seconds before noon, as hosts tell their moments. */
export function before(seconds: number): number {
  return noonAt - seconds * 1000;
}

type Seen<P extends HostPart> = Extract<Host[P], { state: 'known' }>;

/** A part of a healthy host `a`, with changes. */
export function healthy<P extends HostPart>(part: P, changes: Partial<Seen<P>['value']>): Host[P] {
  const look = host('a')[part];
  if (look.state !== 'known') throw new Error(`the builder knows nothing of ${part}`);
  return { ...look, value: { ...look.value, ...changes } };
}

/** What a check of hosts must say where nobody looked, and where nothing was seen. */
export function darkCases(severity: Severity): readonly CheckCase[] {
  const reason = 'unreachable';
  return [
    {
      name: 'unknown: the host did not answer',
      world: { objects: [], hosts: [silentHost('a', 'timed-out', 'no answer within 10 s')] },
      says: [{ verdict: 'unknown', subject: 'Host/a', severity, facts: { reason } }],
    },
    {
      name: 'unknown: nobody was asked to look at hosts',
      world: { objects: [] },
      says: [{ verdict: 'unknown', subject: '', severity, facts: { reason: 'not-collected' } }],
    },
  ];
}
