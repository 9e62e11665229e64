import {
  type Pair,
  startStrictServer,
  TestAuthority,
} from '../../src/access/kube/testing/certificates.ts';
import type { KubeconfigShape } from './cli.ts';
import { type EmulatedApi, serveWorld } from './emulated-api.ts';
import type { World } from './snapshot.ts';
import { WorldClock } from './world-clock.ts';

/** How a world's cluster is reached, or why it is not. */
export interface WayIn extends EmulatedApi {
  readonly shape: KubeconfigShape;
}

const names = 'DNS:localhost,IP:127.0.0.1';

/** Made when first needed: each costs a process of openssl. */
const authorities: TestAuthority[] = [];
const pairs = new Map<string, Pair>();

function authority(at: 0 | 1): TestAuthority {
  while (authorities.length <= at) authorities.push(new TestAuthority());
  return authorities[at] as TestAuthority;
}

function pairOf(name: string, days: number): Pair {
  const pair = pairs.get(name) ?? authority(0).issue('/CN=server', { names, days });
  pairs.set(name, pair);
  return pair;
}

/** To be called when no way is needed any more. */
export function closeWays(): void {
  for (const each of authorities.splice(0)) each.remove();
  pairs.clear();
}

/** Serves a world behind the way in that its `access` tells of. */
export async function wayInto(world: World): Promise<WayIn> {
  const { user, clientCertificateNotAfter: end } = world.access ?? {};
  const client =
    end === undefined ? undefined : authority(0).issue('/CN=tester', { until: new Date(end) });
  const shape: KubeconfigShape = {
    ...(user === undefined ? {} : { user }),
    ...(client ? { client } : {}),
  };
  return await reach(world, shape);
}

async function reach(world: World, shape: KubeconfigShape): Promise<WayIn> {
  const ours = { ...shape, authority: authority(0).certificate };
  switch (world.access?.outcome) {
    case 'certificate-expired':
      return { ...(await serveWorld(world, { tls: pairOf('expired', -1) })), shape: ours };
    case 'certificate-untrusted': {
      const theirs = { ...shape, authority: authority(1).certificate };
      return { ...(await serveWorld(world, { tls: pairOf('good', 2) })), shape: theirs };
    }
    case 'client-certificate': {
      const strict = await startStrictServer(
        pairOf('good', 2),
        authority(1).certificate,
        '-tls1_3',
      );
      const close = async (): Promise<void> => strict.stop();
      return { url: strict.url, clock: new WorldClock(), close, shape: ours };
    }
    // The kernel itself answers for these; nothing leaves the machine.
    case 'refused':
      return nowhere('http://127.0.0.1:1', shape);
    case 'unreachable':
      return nowhere('http://255.255.255.255:6443', shape);
    case 'unknown-host':
      return nowhere(`http://${'x'.repeat(64)}.invalid:6443`, shape);
    default:
      return { ...(await serveWorld(world)), shape };
  }
}

function nowhere(url: string, shape: KubeconfigShape): WayIn {
  return { url, clock: new WorldClock(), close: async () => undefined, shape };
}
