import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HostAnswer, HostLook, HostReader, HostRequest } from '../../access/host/port.ts';
import { hostParts, hostSchema } from '../../model/objects/host/host.ts';
import { observeHost } from './observe-host.ts';
import { lookAt, lxcAgent } from './testing/lxc-agent.ts';
import { look, still } from './testing/seen.ts';

const signal = new AbortController().signal;

/** Pieces of real answers, so that more than the first line of a parser is reached. */
const pieces = [
  ...Object.values(lxcAgent().files ?? {}),
  ...Object.values(lxcAgent().runs ?? {}).flatMap((ran) => (typeof ran === 'string' ? ran : [])),
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' }), fc.constant('\n')), {
    maxLength: 4,
  })
  .chain((parts) => {
    const whole = parts.join('');
    return fc.nat(whole.length).map((length) => whole.slice(0, length));
  });

/** Answers of the right kind and of any content. */
class GarbageReader implements HostReader {
  readonly name = 'k3s1';
  readonly #texts: readonly string[];
  #at = 0;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  async look(requests: readonly HostRequest[]): Promise<HostLook> {
    const clock = { sentAt: lookAt, receivedAt: lookAt, hostAt: lookAt };
    const answers = requests.map((request) => this.#answer(request));
    return { answers, ways: [], clock, user: 'root', root: true };
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  #text(): string {
    return this.#texts[this.#at++ % this.#texts.length] ?? '';
  }

  #answer(request: HostRequest): HostAnswer {
    if (request.kind === 'contents') {
      const files = request.paths.map((path) => ({
        path: path.replaceAll('*', 'x'),
        text: this.#text(),
        cut: false,
      }));
      return { kind: 'contents', files, denied: [] };
    }
    if (request.kind === 'stats') return { kind: 'stats', files: [] };
    const stdout = this.#text();
    return { kind: 'ran', code: stdout.length % 2, stdout, stderr: this.#text(), cut: false };
  }
}

it('makes a host of whatever it is told, and no exception', async () => {
  const texts = fc.array(text, { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(texts, async (said) => {
      const reader = new GarbageReader(said);
      const declared = { addresses: [] };
      const host = await observeHost(
        { reader, declared },
        { clock: still, signal, timeoutMs: 8000 },
      );
      expect(host.reach.state).toBe('answered');
      expect(() => hostSchema.parse(host)).not.toThrow();
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('claims nothing of a host that has nothing to show', async () => {
  const host = await look({ clock: { sentAt: lookAt, receivedAt: lookAt, hostAt: lookAt } });
  const claims = hostParts.flatMap((part) => {
    const { state } = host[part];
    return state === 'known' ? [[part, (host[part] as { value: unknown }).value]] : [];
  });
  // Neither systemd, /proc nor /sys: what is left is the hour, and what no kernel without modules has.
  expect(Object.fromEntries(claims)).toEqual({
    clock: { offsetMs: { least: 0, most: 0 } },
    firewall: { fronts: [], allows: [], kubeChains: { legacy: 0 } },
    networkd: { active: false, files: [], udevRules: [] },
    usb: [],
  });
});
