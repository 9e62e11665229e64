/** Looks until the story has got to a point, and what was said there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditDocument } from '../../src/report/schema.ts';
import type { Nodes } from '../bed/nodes/nodes.ts';
import type { Way } from '../drill/expectations.ts';
import { look } from '../drill/looks.ts';
import { failedEvents, nameOf, namesOf, told } from '../real/audit.ts';

export interface Point {
  readonly document: AuditDocument;
  /** From the start until the end of the audit that said it. */
  readonly afterMs: number;
}

/** Audits until one has a finding whose name begins so; throws with the last report otherwise. */
export async function untilLook(
  nodes: Nodes,
  way: Way,
  finding: string,
  deadlineMs: number,
  startedAt = performance.now(),
): Promise<Point> {
  for (;;) {
    const { document } = await look(nodes, way);
    const afterMs = performance.now() - startedAt;
    if (failedEvents(document).some((each) => nameOf(each).startsWith(finding))) {
      return { document, afterMs };
    }
    if (afterMs > deadlineMs) {
      throw new Error(`no ${finding} within ${deadlineMs / 1000} s: ${told(document)}`);
    }
    await sleep(300);
  }
}

export interface Chain {
  readonly certainty: string | undefined;
  /** Names of all that follows from the root. */
  readonly effects: readonly string[];
}

/** The incident whose only root is this finding. */
export function chainOf(document: AuditDocument, root: string): Chain {
  const incident = document.incidents.find(
    ({ roots }) => namesOf(document, roots).join(' + ') === root,
  );
  const effects = (incident?.chain ?? []).map(({ finding }) => finding);
  return { certainty: incident?.certainty, effects: namesOf(document, effects) };
}
