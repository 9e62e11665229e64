import { join } from 'node:path';
import type { HostsSection } from '../../config/hosts-schema.ts';
import { shellQuote } from '../../report/shell.ts';
import { readIfThere, readInput } from '../read.ts';
import { configOf, unusual, usualFile } from '../selection.ts';
import type { OptionValues, Terminal } from '../spec.ts';

/** What a file says of machines, before anything is proposed. */
export interface Section {
  /** As a person knows it. */
  readonly file: string;
  readonly hosts: HostsSection;
  /** There is such a section, be it an empty one: a second one beside it would be a mistake. */
  readonly isThere: boolean;
  /** What is appended would go on in its last line. */
  readonly endsInLine: boolean;
}

/** The section of the file that was named, or of the one that lies here, or none. */
export async function sectionOf(options: OptionValues, terminal: Terminal): Promise<Section> {
  const named = options['hosts'];
  const file = typeof named === 'string' ? named : usualFile;
  const bytes =
    typeof named === 'string'
      ? await readInput(named, 'configuration')
      : await readIfThere(join(terminal.cwd, usualFile), 'configuration');
  const text = bytes?.toString('utf8') ?? '';
  return {
    file,
    hosts: configOf(text, file).hosts ?? {},
    isThere: /^(["']?)hosts\1\s*:/m.test(text),
    endsInLine: text !== '' && !text.endsWith('\n'),
  };
}

/**
 * The command that puts a proposal into a file without that section. It appends: what stands in a
 * file that `>` names is gone before anybody has read it.
 */
export function proposeInto(file: string): string {
  return `${proposeFor(file)} >> ${shellQuote(file)}`;
}

/** The command that proposes, and keeps what stands in the file. */
export function proposeFor(file: string): string {
  const named = unusual(file);
  return `evenkeel hosts discover${named === undefined ? '' : ` --hosts ${shellQuote(named)}`}`;
}
