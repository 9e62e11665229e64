/** Holds one audit against what was broken. */
import type { AuditDocument } from '../../src/report/schema.ts';
import { namesOf } from '../real/audit.ts';
import type { Expectation, Way } from './expectations.ts';

/**
 * `right`: the root, as sure as it can be from there. `suspected`: the root, less sure than that.
 * `wrong`: another root stated as certain, or a fault of a machine or the control plane that there is
 * not. `open`: nothing is stated with confidence yet, or nothing at all.
 */
export type Judgement = 'right' | 'suspected' | 'open' | 'wrong';

export interface Verdict {
  readonly judgement: Judgement;
  /** `certain: host/kmsg-missing Host/k3s2`, an entry an incident. */
  readonly said: readonly string[];
}

/** Layers that the faults are of; what the others tell are symptoms, and they are real. */
const causes = /^(?:link|host|control-plane)\//;

export function judge(document: AuditDocument, { root }: Expectation, way: Way): Verdict {
  const { names, least } = root[way];
  const incidents = document.incidents.map((each) => ({
    certainty: each.certainty,
    roots: namesOf(document, each.roots),
  }));
  const alone = namesOf(document, document.alone);
  const said = [
    ...incidents.map(({ certainty, roots }) => `${certainty}: ${roots.join(' + ')}`),
    ...alone.map((name) => `alone: ${name}`),
  ];
  const isNamed = (found: string): boolean =>
    names.some((name) => found === name || found.startsWith(`${name} `));
  const wrong = incidents.some(
    ({ certainty, roots }) => certainty === 'certain' && !roots.some(isNamed),
  );
  const untrue = alone.some((name) => causes.test(name) && !isNamed(name));
  if (wrong || untrue) return { judgement: 'wrong', said };
  // A cause that has had no effect yet is named without a chain.
  if (alone.some(isNamed)) return { judgement: 'right', said };
  const named = incidents.filter(({ roots }) => roots.some(isNamed));
  if (named.some(({ certainty }) => certainty === 'certain')) return { judgement: 'right', said };
  if (!named.some(({ certainty }) => certainty === 'suspected')) return { judgement: 'open', said };
  return { judgement: least === 'suspected' ? 'right' : 'suspected', said };
}
