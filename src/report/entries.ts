import { objectName } from './names.ts';
import { manyOf, type Pages } from './page.ts';
import type { AuditDocument, FindingEntry } from './schema.ts';

/** The findings of a document by id, with words for each even where an id leads nowhere. */
export interface Entries {
  readonly get: (id: string) => FindingEntry | undefined;
  readonly headline: (id: string) => string;
  /** `media/grafana-0` */
  readonly name: (id: string) => string;
  /** `6 pods stuck in Terminating` */
  readonly many: (check: string, count: number) => string;
  /** Whether the machine was asked and did not answer. */
  readonly isSilent: (host: string) => boolean;
}

export function entriesOf(document: AuditDocument, pages?: Pages): Entries {
  const byId = new Map(document.findings.map((each) => [each.id, each]));
  const silent = new Set(
    (document.hosts ?? []).filter(({ answered }) => !answered).map(({ name }) => name),
  );
  return {
    get: (id) => byId.get(id),
    headline: (id) => byId.get(id)?.headline ?? id,
    name: (id) => {
      const entry = byId.get(id);
      return entry ? entryName(entry) : id;
    },
    many: (check, count) => manyOf(check, count, pages),
    isSilent: (host) => silent.has(host),
  };
}

function entryName({ subject }: FindingEntry): string {
  return subject ? objectName(subject) : 'the cluster';
}
