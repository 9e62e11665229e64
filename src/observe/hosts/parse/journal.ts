/** One entry of `journalctl -o json`. */
export interface JournalEntry {
  /** Milliseconds since the epoch by the host's clock. */
  readonly at: number | undefined;
  readonly unit: string | undefined;
  readonly text: string;
}

/** An object a line; what is none is left out. */
export function parseJournal(text: string): JournalEntry[] {
  return text.split('\n').flatMap((line) => {
    const entry = objectOf(line);
    const message = entry && messageOf(entry['MESSAGE']);
    if (!entry || message === undefined) return [];
    const micros = Number(entry['__REALTIME_TIMESTAMP']);
    // What systemd says of a unit carries its name in UNIT.
    const unit = entry['UNIT'] ?? entry['_SYSTEMD_UNIT'];
    return [
      {
        at: Number.isFinite(micros) ? Math.round(micros / 1000) : undefined,
        unit: typeof unit === 'string' ? unit : undefined,
        text: message,
      },
    ];
  });
}

function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Text; as a list of bytes where it holds what JSON does not like; a list of such for several. */
function messageOf(message: unknown): string | undefined {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message)) return undefined;
  if (message.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)) {
    return Buffer.from(message as number[]).toString('utf8');
  }
  return messageOf(message.at(-1));
}
