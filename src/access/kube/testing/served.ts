import { type Clock, systemClock } from '../../../lib/clock.ts';
import { KubeClient, type KubeClientOptions } from '../client.ts';
import type { Connection } from '../connection.ts';
import { KubeFailure } from '../failure.ts';
import { connectionTo, type Handler, TestServer } from './server.ts';

const running: TestServer[] = [];
const clients: KubeClient[] = [];

/** Ends what `serve` and `clientOf` started. */
export async function stopAll(): Promise<void> {
  for (const client of clients.splice(0)) client.close();
  for (const server of running.splice(0)) await server.stop();
}

function hurried(): { clock: Clock; waits: number[] } {
  const waits: number[] = [];
  const clock: Clock = {
    ...systemClock,
    now: () => 1_000_000,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
  return { clock, waits };
}

/** A server, and a client of it whose pauses are recorded and not waited. */
export async function serve(
  handler: Handler,
  options: Partial<KubeClientOptions> = {},
  extra: Partial<Connection> = {},
): Promise<{ client: KubeClient; server: TestServer; waits: number[] }> {
  const { clock, waits } = hurried();
  const server = await TestServer.start(handler);
  const client = clientOf(server.url(), { clock, random: () => 0.5, ...options }, extra);
  running.push(server);
  return { client, server, waits };
}

export function clientOf(
  url: string,
  options: Partial<KubeClientOptions> = {},
  extra: Partial<Connection> = {},
): KubeClient {
  const client = new KubeClient(connectionTo(url, extra), { version: '0.0.0', ...options });
  clients.push(client);
  return client;
}

export const signal = (ms = 10_000): AbortSignal => AbortSignal.timeout(ms);

/** The failure that a call ends in; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<KubeFailure> {
  const outcome = await promise.then(
    (value) => new Error(`answered ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof KubeFailure) return outcome;
  throw outcome;
}
