import { systemClock } from '../../../lib/clock.ts';
import { HostFailure } from '../failure.ts';
import { type HostDeps, openHosts } from '../open.ts';
import type { HostAnswer, HostLook, HostReader, HostRequest } from '../port.ts';
import type { HostSettings } from '../settings.ts';
import { TestPlace } from './place.ts';

export const hostname: HostRequest = {
  kind: 'contents',
  paths: ['/proc/sys/kernel/hostname'],
  maxBytes: 1000,
};

export const patient = { signal: new AbortController().signal, timeoutMs: 10_000 };

export function settingsOf(name: string, settings: Partial<HostSettings>): HostSettings {
  return { name, optional: false, ...settings };
}

/** The failure that a look ends in; anything else fails the test. */
export async function hostFailureOf(promise: Promise<unknown>): Promise<HostFailure> {
  const outcome = await promise.then(
    (value) => new Error(`answered ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof HostFailure) return outcome;
  throw outcome;
}

/** Homes, and readers that are closed after the test. */
export class TestHosts {
  readonly place = new TestPlace();
  readonly #open: HostReader[] = [];

  /** Nothing of this machine's user plays a part: neither keys nor agent nor known hosts. */
  open(hosts: readonly HostSettings[], deps: HostDeps = {}): ReadonlyMap<string, HostReader> {
    const readers = openHosts(hosts, {
      clock: systemClock,
      home: this.place.directory,
      env: { PATH: process.env['PATH'] },
      knownHosts: this.place.path('known_hosts'),
      otherKnownHosts: [this.place.path('.ssh', 'known_hosts')],
      ...deps,
    });
    this.#open.push(...readers.values());
    return readers;
  }

  reader(settings: Partial<HostSettings>, deps: HostDeps = {}): HostReader {
    const reader = this.open([settingsOf('k3s1', settings)], deps).get('k3s1');
    if (!reader) throw new Error('no reader');
    return reader;
  }

  async end(): Promise<void> {
    await Promise.all(this.#open.map((reader) => reader.close()));
    this.place.remove();
  }
}

export function answerAt<K extends HostAnswer['kind']>(
  look: Pick<HostLook, 'answers'>,
  at: number,
  kind: K,
): Extract<HostAnswer, { kind: K }> {
  const answer = look.answers[at];
  if (answer?.kind !== kind) throw new Error(`${JSON.stringify(answer)} is no ${kind}`);
  return answer as Extract<HostAnswer, { kind: K }>;
}
