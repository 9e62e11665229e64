import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeconfigProblem } from './kubeconfig/problem.ts';
import { kubeconfigOf, TestHome } from './testing/home.ts';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

describe('any text', () => {
  const secret = 'hunter2hunter2';

  async function survives(text: string): Promise<void> {
    home.write('.kube/config', text);
    const outcome: unknown = await home.load().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (outcome === undefined) return;
    expect(outcome).toBeInstanceOf(KubeconfigProblem);
    const { message, next } = outcome as KubeconfigProblem;
    expect(`${message}${next}`).not.toContain(secret);
    expect(next).not.toBe('');
  }

  it('is a connection or a problem', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), survives), { numRuns: 200 });
  });

  it('also when it looks like a kubeconfig', async () => {
    const value = fc.oneof(
      { weight: 4, arbitrary: fc.string() },
      fc.constantFrom(
        null,
        true,
        7,
        [],
        {},
        [[]],
        'https://h:1',
        'http://[::1]',
        'client.authentication.k8s.io/v1',
        '/',
      ),
    );
    const keys = fc.constantFrom(
      ...[
        'server',
        'certificate-authority',
        'certificate-authority-data',
        'proxy-url',
        'extensions',
      ],
      ...[
        'insecure-skip-tls-verify',
        'tls-server-name',
        'token',
        'tokenFile',
        'username',
        'password',
      ],
      ...['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'exec'],
      ...['auth-provider', 'as', 'cluster', 'user', 'namespace', '__proto__', 'constructor'],
    );
    const body = fc.dictionary(keys, value);
    const exec = fc.dictionary(
      fc.constantFrom('apiVersion', 'command', 'args', 'env', 'interactiveMode', 'installHint'),
      value,
    );
    const config = fc.record({
      cluster: fc.oneof(value, body),
      user: fc.oneof(value, body, fc.record({ exec, token: fc.constant(secret) })),
      name: fc.oneof(fc.constant('home'), value),
    });
    const run = async (): Promise<{ kind: 'not-found' }> => ({ kind: 'not-found' });
    await fc.assert(
      fc.asyncProperty(config, async ({ cluster, user, name }) => {
        const good = { server: 'https://h', ...(typeof cluster === 'object' ? cluster : {}) };
        const text = JSON.stringify({
          'current-context': 'home',
          contexts: [{ name: 'home', context: { cluster: 'home', user: 'home' } }],
          clusters: [{ name: 'home', cluster: good }],
          users: [{ name, user }],
        });
        await survives(text);
        const connection = await home.load({ run }).catch(() => undefined);
        await connection?.authorization().catch((error: unknown) => {
          expect(error).toBeInstanceOf(KubeconfigProblem);
        });
      }),
      { numRuns: 400 },
    );
  });

  it('and when a good one is cut or altered anywhere', async () => {
    const good = kubeconfigOf({ user: `{token: ${secret}}` });
    const altered = fc
      .tuple(fc.nat(good.length), fc.nat(8), fc.string({ maxLength: 3 }))
      .map(([at, drop, add]) => good.slice(0, at) + add + good.slice(at + drop));
    await fc.assert(fc.asyncProperty(altered, survives), { numRuns: 400 });
  });
});
