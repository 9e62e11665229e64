import { checks } from '../../src/checks/registry.gen.ts';
import { auditSnapshot } from '../../src/diagnose/audit.ts';
import type { AuditResult } from '../../src/model/audit.ts';
import type { Incident } from '../../src/model/incident.ts';
import { refKey } from '../../src/model/ref.ts';
import { snapshotOf, type World } from '../support/snapshot.ts';

/** An incident with names in place of ids: `check subject`. */
export interface Told {
  readonly certainty: Incident['certainty'];
  readonly roots: readonly string[];
  readonly chain: readonly string[];
  readonly suspected: readonly string[] | undefined;
  readonly shared: boolean;
  /** What several roots would have in common. */
  readonly what: string;
  readonly rivals: readonly string[];
}

export interface Audited {
  readonly result: AuditResult;
  readonly incidents: readonly Told[];
  /** Events that belong to no incident. */
  readonly alone: readonly string[];
}

/** What all checks and the diagnosis make of a world. */
export function audited(world: World, at?: string): Audited {
  const result = auditSnapshot(snapshotOf(world, at), checks);
  const names = new Map(
    result.findings.map((each) => [
      each.id,
      `${each.check} ${each.subject ? refKey(each.subject) : '*'}`,
    ]),
  );
  const name = (id: string): string => names.get(id) ?? id;
  const incidents = result.incidents.map((incident) => ({
    certainty: incident.certainty,
    roots: incident.roots.map(name),
    chain: incident.links.map((link) => `${name(link.cause)} → ${name(link.finding)}`),
    suspected: incident.suspected?.candidates,
    shared: incident.suspected?.shared ?? false,
    what: incident.suspected?.what ?? '',
    rivals: incident.rivals.map(
      (rival) => `${rival.roots.map(name).join(' + ')}: ${rival.against}`,
    ),
  }));
  return { result, incidents, alone: result.alone.map(name) };
}
