import type { HostReader } from '../../access/host/port.ts';
import type { Millis } from '../../lib/clock.ts';
import { type Container, containersOf } from './propose.ts';

/**
 * The containers that these machines know of, where they are Proxmox hosts. One that does not answer,
 * or has no `pct`, has none to offer: what it would have told is a comfort, no fact.
 */
export async function containersBy(
  readers: readonly HostReader[],
  options: { readonly signal: AbortSignal; readonly timeoutMs: Millis },
): Promise<readonly Container[]> {
  const found = await Promise.all(
    readers.map(async (reader) => {
      try {
        const { answers } = await reader.look(
          [{ kind: 'run', argv: ['pct', 'list'], timeoutMs: options.timeoutMs, maxBytes: 1e6 }],
          options,
        );
        const [answer] = answers;
        return answer?.kind === 'ran' && answer.code === 0
          ? containersOf(reader.name, answer.stdout)
          : [];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}
