/** One assignment of a file as systemd writes them: unit files, networkd's, drop-ins. */
export interface Assignment {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

/**
 * Assignments in order. Comments and what is neither section nor assignment are left out; a backslash
 * at the end of a line joins the next one.
 */
export function parseIni(text: string): Assignment[] {
  const found: Assignment[] = [];
  let section = '';
  for (const line of joined(text)) {
    const [, name] = /^\[(.+)\]$/.exec(line) ?? [];
    if (name !== undefined) {
      section = name;
      continue;
    }
    const at = line.indexOf('=');
    if (at < 1) continue;
    found.push({ section, key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() });
  }
  return found;
}

/** The last value of a key, as systemd takes it; undefined when it is not given. */
export function lastOf(
  assignments: readonly Assignment[],
  section: string,
  key: string,
): string | undefined {
  return assignments.findLast((each) => each.section === section && each.key === key)?.value;
}

/** All values of a key that may be given again and again; an empty one forgets those before it. */
export function listOf(assignments: readonly Assignment[], section: string, key: string): string[] {
  let values: string[] = [];
  for (const each of assignments) {
    if (each.section !== section || each.key !== key) continue;
    if (each.value === '') values = [];
    else values.push(each.value);
  }
  return values;
}

/** As systemd reads a boolean; undefined for anything else. */
export function booleanOf(value: string | undefined): boolean | undefined {
  const word = value?.toLowerCase() ?? '';
  if (['1', 'yes', 'y', 'true', 't', 'on'].includes(word)) return true;
  if (['0', 'no', 'n', 'false', 'f', 'off'].includes(word)) return false;
  return undefined;
}

/** Lines without comments, continued ones as one. */
export function joined(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    // A comment in the middle of a continued line is left out, and the line goes on after it.
    if (line.startsWith('#') || line.startsWith(';')) continue;
    if (line.endsWith('\\')) {
      open += `${line.slice(0, -1).trimEnd()} `;
      continue;
    }
    const whole = `${open}${line}`.trim();
    open = '';
    if (whole !== '') lines.push(whole);
  }
  if (open.trim() !== '') lines.push(open.trim());
  return lines;
}
