import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { clientOf, failureOf, serve, signal, stopAll } from './testing/served.ts';
import { answerJson, type Handler } from './testing/server.ts';

afterEach(stopAll);

const status = (code: number, message: string): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message,
  code,
});

describe('answers that are failures', () => {
  it.each([
    [302, 'malformed', 1],
    [400, 'malformed', 1],
    [401, 'unauthorized', 1],
    [403, 'forbidden', 1],
    [404, 'not-found', 1],
    [410, 'gone', 1],
    [429, 'throttled', 3],
    [500, 'server-error', 3],
    [501, 'server-error', 1],
    [503, 'server-error', 3],
  ])('%i is %s, after %i requests', async (code, kind, requests) => {
    const { client, server } = await serve((_, response) => {
      answerJson(response, status(code, 'no,\u001b[31m because'), code);
    });
    const failure = await failureOf(client.get('/api/v1/nodes', { signal: signal() }));
    expect(failure).toMatchObject({ kind, status: code, said: 'no, [31m because' });
    expect(server.requests).toHaveLength(requests);
    expect(failure.next).not.toMatch(/\{\w+\}/);
  });

  it('bounds what the server says', async () => {
    const { client } = await serve((_, response) => {
      answerJson(response, status(403, 'x'.repeat(100_000)), 403);
    });
    const failure = await failureOf(client.get('/api/v1/nodes', { signal: signal() }));
    expect(failure.said?.length).toBeLessThanOrEqual(500);
  });

  it('does not wait for a server that wants longer than ten seconds', async () => {
    const { client, server, waits } = await serve((_, response) => {
      response.setHeader('Retry-After', '60');
      answerJson(response, status(429, 'slow'), 429);
    });
    const failure = await failureOf(client.get('/version', { signal: signal() }));
    expect(failure).toMatchObject({ kind: 'throttled', retryAfterMs: 60_000 });
    expect(server.requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it('waits as long as Retry-After says, then goes on', async () => {
    const { client, server, waits } = await serve((_, response) => {
      response.setHeader('Retry-After', '2');
      if (server.requests.length < 3) answerJson(response, status(429, 'slow'), 429);
      else answerJson(response, { fine: true });
    });
    expect(await client.get('/version', { signal: signal() })).toEqual({ fine: true });
    expect(waits).toEqual([2000, 2000]);
  });

  it("says what the server said when the caller's deadline ends the pause", async () => {
    const { server } = await serve((_, response) => {
      response.setHeader('Retry-After', '8');
      answerJson(response, status(429, 'slow'), 429);
    });
    const failure = await failureOf(
      clientOf(server.url()).get('/version', { signal: signal(100) }),
    );
    expect(failure.kind).toBe('throttled');
  });

  it('asks for new credentials once', async () => {
    let renewed = 0;
    const { client, server } = await serve(
      (request, response) => {
        if (request.headers.authorization === 'Bearer 0')
          answerJson(response, status(401, 'x'), 401);
        else answerJson(response, { fine: true });
      },
      {},
      {
        authorization: async () => `Bearer ${renewed}`,
        renew: () => {
          renewed += 1;
          return true;
        },
      },
    );
    expect(await client.get('/version', { signal: signal() })).toEqual({ fine: true });
    expect(server.requests).toHaveLength(2);
  });

  it('does not ask for ever when new credentials do not help', async () => {
    const { client, server } = await serve(
      (_, response) => answerJson(response, status(401, 'x'), 401),
      {},
      { renew: () => true },
    );
    const failure = await failureOf(client.get('/version', { signal: signal() }));
    expect(failure.kind).toBe('unauthorized');
    expect(server.requests).toHaveLength(2);
  });

  it('passes on why there are no credentials', async () => {
    const problem = Object.assign(new Error('no plugin'), { next: 'install it' });
    const { client, server } = await serve(
      (_, response) => answerJson(response, {}),
      {},
      { authorization: () => Promise.reject(problem) },
    );
    const failure = await failureOf(client.get('/version', { signal: signal() }));
    expect(failure).toMatchObject({ kind: 'unauthorized', said: 'no plugin', next: 'install it' });
    expect(server.requests).toEqual([]);
  });
});

describe('answers that are broken', () => {
  it.each([
    ['{"items":[', 'JSON that is cut or broken'],
    ['<!doctype html><title>nginx</title>', 'a web page'],
    ['', 'empty'],
    ['hello', 'not JSON'],
  ])('%j is malformed and is not quoted', async (body, said) => {
    const { client, server } = await serve((_, response) => response.end(body));
    const failure = await failureOf(client.get('/api/v1/nodes', { signal: signal() }));
    expect(failure.kind).toBe('malformed');
    expect(failure.message).toContain(said);
    expect(failure.cause).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it('a connection that closes in the middle is tried once more', async () => {
    const { client, server } = await serve((_, response) => {
      if (server.requests.length === 2) return answerJson(response, { fine: true });
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('{"items":', () => response.destroy());
    });
    expect(await client.get('/api/v1/nodes', { signal: signal() })).toEqual({ fine: true });
  });

  it('and is a reset when it closes again', async () => {
    const { client, server } = await serve((_, response) => {
      response.writeHead(200);
      response.write('{"items":', () => response.destroy());
    });
    const failure = await failureOf(client.get('/api/v1/nodes', { signal: signal() }));
    expect(failure.kind).toBe('reset');
    expect(server.requests).toHaveLength(2);
  });

  it('a gzip stream that is cut is a reset, one that is no gzip malformed', async () => {
    const { client } = await serve((_, response, url) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      const packed = gzipSync('{"a":1}'.repeat(1000));
      if (url.pathname === '/none') response.end('{"a":1}');
      else response.write(packed.subarray(0, 40), () => response.destroy());
    });
    expect((await failureOf(client.get('/cut', { signal: signal() }))).kind).toBe('reset');
    expect((await failureOf(client.get('/none', { signal: signal() }))).kind).toBe('malformed');
  });

  it('a body without end is malformed, also when packed', async () => {
    const { client } = await serve(
      (_, response, url) => {
        if (url.pathname === '/packed') response.setHeader('Content-Encoding', 'gzip');
        const body = Buffer.alloc(2_000_000, ' ');
        response.end(url.pathname === '/packed' ? gzipSync(body) : body);
      },
      { maxBodyBytes: 1_000_000 },
    );
    for (const path of ['/plain', '/packed']) {
      const failure = await failureOf(client.get(path, { signal: signal() }));
      expect(failure).toMatchObject({ kind: 'malformed' });
      expect(failure.message).toContain('larger than 1000000 bytes');
    }
  });
});

describe('no answer', () => {
  const never: Handler = () => undefined;

  it('a server that hangs times out by our own limit', async () => {
    const { client } = await serve(never, { idleMs: 50 });
    const failure = await failureOf(client.get('/version', { signal: signal() }));
    expect(failure.kind).toBe('timed-out');
  });

  it('so does one that hangs in the middle of a body', async () => {
    const { client } = await serve((_, response) => void response.write('{'), { idleMs: 50 });
    const failure = await failureOf(client.get('/version', { signal: signal() }));
    expect(failure.kind).toBe('timed-out');
  });

  it("the caller's deadline is timed-out, the caller's change of mind cancelled", async () => {
    const { client } = await serve(never);
    const late = await failureOf(client.get('/version', { signal: signal(50) }));
    expect(late.kind).toBe('timed-out');
    const controller = new AbortController();
    const pending = failureOf(client.get('/version', { signal: controller.signal }));
    controller.abort();
    expect((await pending).kind).toBe('cancelled');
    const after = await failureOf(client.get('/version', { signal: controller.signal }));
    expect(after.kind).toBe('cancelled');
  });

  it('closing the client ends what is under way, without another try', async () => {
    const { client, server } = await serve(never);
    const pending = failureOf(client.get('/version', { signal: signal() }));
    await expect.poll(() => server.requests.length).toBe(1);
    client.close();
    expect((await pending).kind).toBe('cancelled');
    expect(server.requests).toHaveLength(1);
  });

  it('a closed port is refused', async () => {
    const { server } = await serve(never);
    const url = server.url();
    await server.stop();
    const failure = await failureOf(clientOf(url).get('/version', { signal: signal() }));
    expect(failure).toMatchObject({ kind: 'refused', code: 'ECONNREFUSED' });
    expect(failure.next).toContain(`sport = :${new URL(url).port}`);
  });

  it('a name that does not resolve is unknown-host', async () => {
    const client = clientOf('http://evenkeel.invalid:6443');
    const failure = await failureOf(client.get('/version', { signal: signal() }));
    expect(failure.kind).toBe('unknown-host');
    expect(failure.next).toContain('getent hosts evenkeel.invalid');
  });
});
