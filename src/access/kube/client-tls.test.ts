import type { TlsOptions } from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Redacted } from '../redacted.ts';
import { KubeClient } from './client.ts';
import type { ClientIdentity, Connection } from './connection.ts';
import { KubeFailure } from './failure.ts';
import { type Pair, startStrictServer, TestAuthority } from './testing/certificates.ts';
import { answerJson, connectionTo, TestServer } from './testing/server.ts';

const loopbackNames = 'DNS:localhost,IP:127.0.0.1';
let authority: TestAuthority;
let stranger: TestAuthority;
let good: Pair;
const running: { server: TestServer; client: KubeClient }[] = [];

beforeAll(() => {
  authority = new TestAuthority();
  stranger = new TestAuthority('stranger');
  good = authority.issue('/CN=server', { names: loopbackNames });
});

afterEach(async () => {
  for (const { server, client } of running.splice(0)) {
    client.close();
    await server.stop();
  }
});

afterAll(() => {
  authority.remove();
  stranger.remove();
});

async function serve(pair: Pair, tls: TlsOptions, extra: Partial<Connection>): Promise<KubeClient> {
  const options = { cert: pair.certificate, key: pair.key, ...tls };
  const server = await TestServer.start((_, response) => answerJson(response, { ok: 1 }), options);
  const client = new KubeClient(connectionTo(server.url(), extra), { version: '0' });
  running.push({ server, client });
  return client;
}

const ask = (client: KubeClient): Promise<unknown> =>
  client.get('/version', { signal: AbortSignal.timeout(5000) });

async function failureOf(client: KubeClient): Promise<KubeFailure> {
  const outcome: unknown = await ask(client).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(KubeFailure);
  return outcome as KubeFailure;
}

const identityOf = ({ certificate, key }: Pair): ClientIdentity => ({
  certificate,
  key: new Redacted(key),
});

describe("the server's certificate", () => {
  it('is checked against the authority of the kubeconfig', async () => {
    const client = await serve(good, {}, { ca: authority.certificate });
    expect(await ask(client)).toEqual({ ok: 1 });
  });

  it('is asked for once: connections are kept', async () => {
    const client = await serve(good, {}, { ca: authority.certificate });
    for (let call = 0; call < 5; call += 1) await ask(client);
    expect(client.stats().requests).toBe(5);
  });

  it('is certificate-expired when it is', async () => {
    const expired = authority.issue('/CN=server', { names: loopbackNames, days: -1 });
    const client = await serve(expired, {}, { ca: authority.certificate });
    const failure = await failureOf(client);
    expect(failure).toMatchObject({ kind: 'certificate-expired', code: 'CERT_HAS_EXPIRED' });
    expect(failure.next).toContain('openssl s_client -connect 127.0.0.1:');
  });

  it.each([
    [
      'an authority that signed another cluster',
      (): Partial<Connection> => ({ ca: stranger.certificate }),
    ],
    ['only the authorities of the system', (): Partial<Connection> => ({})],
  ])('is certificate-untrusted with %s', async (_, extra) => {
    const client = await serve(good, {}, extra());
    expect((await failureOf(client)).kind).toBe('certificate-untrusted');
  });

  it('is certificate-untrusted when it was made for another name', async () => {
    const other = authority.issue('/CN=server', { names: 'DNS:elsewhere.example' });
    const client = await serve(other, {}, { ca: authority.certificate });
    const failure = await failureOf(client);
    expect(failure).toMatchObject({
      kind: 'certificate-untrusted',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const named = { ca: authority.certificate, tlsServerName: 'elsewhere.example' };
    expect(await ask(await serve(other, {}, named))).toEqual({ ok: 1 });
  });

  it('is not checked when the user wrote so', async () => {
    const client = await serve(good, {}, { insecure: true });
    expect(await ask(client)).toEqual({ ok: 1 });
  });

  it('is missing: a server without TLS is malformed', async () => {
    const server = await TestServer.start((_, response) => answerJson(response, {}));
    const url = server.url().replace('http:', 'https:');
    const client = new KubeClient(connectionTo(url), { version: '0' });
    running.push({ server, client });
    expect((await failureOf(client)).kind).toBe('malformed');
  });
});

describe("the client's certificate", () => {
  const mutual = (): TlsOptions => ({
    requestCert: true,
    rejectUnauthorized: true,
    ca: authority.certificate,
  });

  it('lets us in', async () => {
    const pair = authority.issue('/O=system:masters/CN=me');
    const extra = { ca: authority.certificate, identity: async () => identity };
    const identity = identityOf(pair);
    expect(await ask(await serve(good, mutual(), extra))).toEqual({ ok: 1 });
  });

  // Node's own server hangs up without the alert that others send, so this one is OpenSSL's.
  it.each<[string, string, () => Pair]>([
    ['has expired', '-tls1_2', () => authority.issue('/CN=me', { days: -1 })],
    ['has expired', '-tls1_3', () => authority.issue('/CN=me', { days: -1 })],
    ['was signed by a stranger', '-tls1_2', () => stranger.issue('/CN=me')],
    ['was signed by a stranger', '-tls1_3', () => stranger.issue('/CN=me')],
  ])('is a failure of its own kind when it %s (%s)', async (_, version, issue) => {
    const identity = identityOf(issue());
    const server = await startStrictServer(good, authority.certificate, version);
    const extra = { ca: authority.certificate, identity: async () => identity };
    const client = new KubeClient(connectionTo(server.url, extra), { version: '0' });
    try {
      const failure = await failureOf(client);
      expect(failure.kind).toBe('client-certificate');
      expect(failure.said).toMatch(/^(ssl\/tls|tlsv1) alert [\w ]+$/);
    } finally {
      client.close();
      server.stop();
    }
  });

  it('may change: a new one is used for the next request', async () => {
    const identities = ['a', 'b'].map((name) => identityOf(authority.issue(`/CN=${name}`)));
    const subjects: string[] = [];
    const options = { cert: good.certificate, key: good.key, ...mutual() };
    const server = await TestServer.start((request, response) => {
      const socket = request.socket as unknown as {
        getPeerCertificate(): { subject: { CN: string } };
      };
      subjects.push(socket.getPeerCertificate().subject.CN);
      answerJson(response, {});
    }, options);
    const extra = { ca: authority.certificate, identity: async () => identities[subjects.length] };
    const client = new KubeClient(connectionTo(server.url(), extra), { version: '0' });
    running.push({ server, client });
    await ask(client);
    await ask(client);
    expect(subjects).toEqual(['a', 'b']);
  });

  it('is client-certificate when it is no certificate, and its key is not shown', async () => {
    const identity = { certificate: 'x', key: new Redacted('-----SECRET-----') };
    const client = await serve(
      good,
      {},
      { ca: authority.certificate, identity: async () => identity },
    );
    const failure = await failureOf(client);
    expect(failure.kind).toBe('client-certificate');
    expect(inspect(failure, { depth: 9 })).not.toContain('SECRET');
  });
});
