import { getEventListeners } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { clientOf, failureOf, serve, signal, stopAll } from './testing/served.ts';
import { answerJson } from './testing/server.ts';

afterEach(stopAll);

describe('get', () => {
  it('gives the object, and sends who asks', async () => {
    const seen: Record<string, unknown> = {};
    const { client, server } = await serve(
      (request, response) => {
        Object.assign(seen, request.headers);
        answerJson(response, { kind: 'Node', name: 'ä ✓ 🛶' });
      },
      {},
      { authorization: async () => 'Bearer t' },
    );
    const node = await client.get('/api/v1/nodes/a', { query: { x: '1 2' }, signal: signal() });
    expect(node).toEqual({ kind: 'Node', name: 'ä ✓ 🛶' });
    expect(server.requests).toEqual(['GET /api/v1/nodes/a?x=1+2']);
    expect(seen).toMatchObject({
      'user-agent': 'evenkeel/0.0.0',
      accept: 'application/json',
      'accept-encoding': 'identity',
      authorization: 'Bearer t',
    });
  });

  it('keeps the path of the server', async () => {
    const { server } = await serve((_, response) => answerJson(response, {}));
    const client = clientOf(`${server.url()}/k8s/clusters/c-1`);
    await client.get('/version', { signal: signal() });
    expect(server.requests).toEqual(['GET /k8s/clusters/c-1/version']);
  });

  it('joins characters that are cut between two pieces', async () => {
    const body = Buffer.from(JSON.stringify({ name: 'é🛶' }));
    const { client } = await serve((_, response) => {
      for (const byte of body) response.write(Buffer.from([byte]));
      response.end();
    });
    expect(await client.get('/version', { signal: signal() })).toEqual({ name: 'é🛶' });
  });

  it('reads gzip, and counts bytes after it', async () => {
    const { client } = await serve((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      response.end(gzipSync('{"a":"aaaaaaaaaaaaaaaaaaaa"}'));
    });
    expect(await client.get('/version', { signal: signal() })).toEqual({ a: 'a'.repeat(20) });
    expect(client.stats()).toMatchObject({ requests: 1, bytes: 28 });
  });

  it('gives text outside of the API, and never inside', async () => {
    const { client } = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('ok');
    });
    expect(await client.get('/readyz', { signal: signal() })).toBe('ok');
    const failure = await failureOf(client.get('/api/v1/nodes', { signal: signal() }));
    expect(failure.kind).toBe('malformed');
  });

  it('knows the clock of the server', async () => {
    const { client } = await serve((_, response) => {
      response.setHeader('Date', 'Sat, 21 Nov 2026 11:00:00 GMT');
      answerJson(response, {});
    });
    expect(client.serverDate()).toBeUndefined();
    await client.get('/version', { signal: signal() });
    const server = Date.parse('2026-11-21T11:00:00Z');
    expect(client.serverDate()).toEqual({ server, local: 1_000_000 });
  });

  it.each(['api/v1', '/api/../x', '/a/..', '/a b', '/a?b=c', '/a\r\nX: y', '/é'])(
    'refuses the path %j',
    async (path) => {
      const { client, server } = await serve((_, response) => answerJson(response, {}));
      await expect(client.get(path, { signal: signal() })).rejects.toThrow(RangeError);
      expect(server.requests).toEqual([]);
    },
  );

  it('leaves nothing on the signal of the caller', async () => {
    const { client } = await serve((_, response) => answerJson(response, {}));
    const controller = new AbortController();
    const calls = Array.from({ length: 40 }, () =>
      client.get('/version', { signal: controller.signal }),
    );
    await Promise.all(calls);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});

describe('review', () => {
  it('posts reviews of oneself', async () => {
    let sent = '';
    const { client, server } = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => {
        sent += chunk.toString();
      });
      request.on('end', () => answerJson(response, { status: { allowed: true } }, 201));
    });
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const answer = await client.review(path, { spec: {} }, { signal: signal() });
    expect(answer).toEqual({ status: { allowed: true } });
    expect(sent).toBe('{"spec":{}}');
    expect(server.requests).toEqual([`POST ${path}`]);
  });

  it.each([
    '/api/v1/namespaces/a/pods',
    '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/../../x',
    '/x/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  ])('refuses %s', async (path) => {
    const { client, server } = await serve((_, response) => answerJson(response, {}));
    await expect(client.review(path, {}, { signal: signal() })).rejects.toThrow(RangeError);
    expect(server.requests).toEqual([]);
  });
});
