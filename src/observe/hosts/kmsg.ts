/** One record of the kernel's log. */
export interface KmsgRecord {
  /** Microseconds since the machine booted. */
  readonly micros: number;
  readonly text: string;
  /** 0 is an emergency, 7 is for debugging. */
  readonly priority?: number;
  /** 0 is the kernel. */
  readonly facility?: number;
  /** Counts up by one; what is missing was overwritten before it was read. */
  readonly sequence?: number;
  /** `-`; `c` for a fragment of a line, `+` for what continues the one before. */
  readonly flags?: string;
  /** `SUBSYSTEM=` and `DEVICE=` of its continuation lines. */
  readonly subsystem?: string;
  readonly device?: string;
}

const head = /^(\d{1,10}),(\d{1,20}),(\d{1,20}),([^,;]{1,16})(?:,[^;]*)?;(.*)$/;

/**
 * `/dev/kmsg`: `priority and facility,sequence,microseconds,flags;text`, then lines of `KEY=value` that
 * begin with a space. https://www.kernel.org/doc/Documentation/ABI/testing/dev-kmsg
 * What begins in the middle, or is cut at the end, is left out.
 */
export function parseKmsg(said: string): KmsgRecord[] {
  const records: KmsgRecord[] = [];
  let current: { -readonly [K in keyof KmsgRecord]: KmsgRecord[K] } | undefined;
  for (const line of said.split('\n')) {
    const [, prefix, sequence, micros, flags, text] = head.exec(line) ?? [];
    if (prefix !== undefined && text !== undefined) {
      const priority = Number(prefix);
      current = {
        micros: Number(micros),
        text: unescaped(text),
        priority: priority & 7,
        facility: priority >>> 3,
        sequence: Number(sequence),
        flags: flags ?? '',
      };
      records.push(current);
      continue;
    }
    const [, key, value] = /^ ([A-Z_]{1,64})=(.*)$/.exec(line) ?? [];
    if (!current || value === undefined) continue;
    if (key === 'SUBSYSTEM') current.subsystem = unescaped(value);
    if (key === 'DEVICE') current.device = unescaped(value);
  }
  return records;
}

/** Bytes that a terminal would obey, and the backslash, are `\xNN`; so is all that is no ASCII. */
function unescaped(text: string): string {
  return text.replace(/(?:\\x[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('\\x', ''), 'hex').toString('utf8'),
  );
}

const dmesgLine = /^(?:<(\d{1,4})>)?\[ *(\d{1,12})\.(\d{1,6})\] ?(.*)$/;

/**
 * `dmesg`, with priorities (`-r`) or without. Without them nobody says who wrote a line: it has no
 * facility then. Lines without a time continue the one before.
 */
export function parseDmesg(said: string): KmsgRecord[] {
  return said.split('\n').flatMap((line) => {
    const [, prefix, seconds, fraction = '', text] = dmesgLine.exec(line) ?? [];
    if (seconds === undefined || text === undefined) return [];
    const micros = Number(seconds) * 1e6 + Number(fraction.padEnd(6, '0'));
    if (prefix === undefined) return [{ micros, text }];
    return [{ micros, text, priority: Number(prefix) & 7, facility: Number(prefix) >>> 3 }];
  });
}
