import { HostFailure } from '../../access/host/failure.ts';
import type { HostReader, HostRequest } from '../../access/host/port.ts';
import type { Millis } from '../../lib/clock.ts';
import { redact } from '../../lib/redact.ts';
import {
  type Baseline,
  type Host,
  type HostPart,
  hostParts,
  hostSchema,
} from '../../model/objects/host/host.ts';
import type { Look } from '../../model/objects/host/look.ts';
import { unknownReasonOf } from '../../model/objects/host/reach.ts';
import { allParts } from './all-parts.ts';
import { type Answers, Unseen } from './answers.ts';
import { Conversation, type Limits, unseenBecause } from './conversation.ts';
import { type Before, bootIdOf, bootRequest, lookBefore } from './earlier.ts';
import type { Asked, Part, Seen } from './part.ts';
import { lookedAt } from './times.ts';

/** A host as it is declared, and who looks at it. */
export interface HostToLookAt extends Asked {
  readonly reader: HostReader;
}

export interface HostOptions extends Limits {
  /** Only these; what is left out is unknown. */
  readonly parts?: ReadonlySet<HostPart> | undefined;
  /** Look at its counters first, and at everything this much later. */
  readonly intervalMs?: Millis | undefined;
  readonly baseline?: Baseline | undefined;
  /** In place of the usual ones, for tests. */
  readonly registry?: { readonly [K in HostPart]: Part<K> } | undefined;
}

type Looks = Pick<Host, HostPart>;

/** Looks at one host: one look, and a second for what only the first tells to ask. Never rejects. */
export async function observeHost(host: HostToLookAt, options: HostOptions): Promise<Host> {
  const { declared, reader } = host;
  const base = {
    kind: 'Host' as const,
    metadata: { name: reader.name },
    declared,
    ...(options.baseline ? { baseline: options.baseline } : {}),
  };
  const askedAt = options.clock.now();
  try {
    return { ...base, ...(await seenOf(host, options)) };
  } catch (error) {
    const { reason, detail } = unseenBecause(error);
    const at = options.clock.now();
    const ways = error instanceof HostFailure ? [...error.ways] : [];
    const unknown: Look<never> = { state: 'unknown', reason: unknownReasonOf(reason), detail };
    return {
      ...base,
      reach: { state: 'silent', reason, detail, at, askedAt },
      ways,
      ...allAs(unknown),
    };
  }
}

async function seenOf(
  host: HostToLookAt,
  options: HostOptions,
): Promise<Looks & Pick<Host, 'reach' | 'ways' | 'earlier'>> {
  const before = options.intervalMs
    ? await lookBefore(host.reader, options, options.intervalMs)
    : undefined;
  const registry = options.registry ?? allParts;
  const wanted = hostParts.filter((part) => options.parts?.has(part) ?? true);
  const parts = wanted.map((part) => registry[part] as Part);
  const conversation = new Conversation(host.reader, options);
  const first = fenced(parts, (part) => part.requests(host));
  const look = await conversation.ask([bootRequest, ...first.requests]);
  if (!look) throw new Error('nothing was asked');
  const { clock, user, root, ways } = look;
  const seen: Seen = { declared: host.declared, haproxy: host.haproxy, clock, user, root };
  const second = fenced(
    parts.filter(({ part }) => !first.failed.has(part)),
    (part) => part.more?.(conversation.answers(), seen) ?? [],
  );
  await conversation.askOn(second.requests);
  const answers = conversation.answers();
  const same = before && before.bootId === bootIdOf(answers) ? before : undefined;
  const at = lookedAt(clock);
  return {
    ...allAs({ state: 'unknown', reason: 'not-collected', detail: 'nobody asked for it' }),
    ...readAll(parts, answers, { ...seen, since: sinceOf(same, at) }, first.failed),
    reach: { state: 'answered', user, root, at, tookMs: conversation.tookMs },
    ways: [...ways],
    ...(same ? { earlier: same.earlier } : {}),
  };
}

function sinceOf(before: Before | undefined, at: Millis): Seen['since'] {
  return before && { overMs: at - before.earlier.at, writes: before.writes };
}

/** Every part's requests. One that throws is broken, and asks for nothing. */
function fenced(
  parts: readonly Part[],
  ask: (part: Part) => readonly HostRequest[],
): { readonly requests: HostRequest[]; readonly failed: ReadonlyMap<HostPart, Look<never>> } {
  const requests: HostRequest[] = [];
  const failed = new Map<HostPart, Look<never>>();
  for (const part of parts) {
    try {
      requests.push(...ask(part));
    } catch (error) {
      failed.set(part.part, unknownBecause(part.part, error));
    }
  }
  return { requests, failed };
}

/** Every part, as its schema has it: what is not in the schema is not kept, what is secret is redacted. */
function readAll(
  parts: readonly Part[],
  answers: Answers,
  seen: Seen,
  failed: ReadonlyMap<HostPart, Look<never>>,
): Partial<Looks> {
  const entries = parts.map(({ part, ...rest }) => [
    part,
    failed.get(part) ?? readOne({ part, ...rest }, answers, seen),
  ]);
  return Object.fromEntries(entries) as Partial<Looks>;
}

function readOne(part: Part, answers: Answers, seen: Seen): unknown {
  try {
    return hostSchema.shape[part.part].parse(part.read(answers, seen));
  } catch (error) {
    return unknownBecause(part.part, error);
  }
}

function unknownBecause(part: HostPart, error: unknown): Look<never> {
  if (error instanceof Unseen) {
    // What a program complained of may quote what it was given.
    return { state: 'unknown', reason: error.reason, detail: redact(error.message) };
  }
  const detail = `what the host answered of its ${part} was not understood`;
  return { state: 'unknown', reason: 'malformed', detail };
}

function allAs(unknown: Look<never>): Looks {
  return Object.fromEntries(hostParts.map((part) => [part, unknown])) as unknown as Looks;
}
