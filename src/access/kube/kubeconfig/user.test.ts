import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { type Pair, TestAuthority } from '../testing/certificates.ts';
import { kubeconfigOf, problemOf, TestHome } from '../testing/home.ts';

let home: TestHome;
let authority: TestAuthority;
let pair: Pair;

beforeAll(() => {
  authority = new TestAuthority();
  pair = authority.issue('/O=system:masters/CN=system:admin');
});
afterAll(() => authority.remove());
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const withUser = (user: string): string => home.write('.kube/config', kubeconfigOf({ user }));

describe('a token', () => {
  it('in a file is read again after a minute, and at once after 401', async () => {
    let nowMs = 0;
    const clock: Clock = { ...systemClock, monotonic: () => nowMs };
    home.write('.kube/token', 'one\n');
    withUser('{tokenFile: token, token: spare}');
    const connection = await home.load({ clock });
    home.write('.kube/token', 'two');
    expect(await connection.authorization()).toBe('Bearer one');
    nowMs = 60_000;
    expect(await connection.authorization()).toBe('Bearer two');
    home.write('.kube/token', 'three');
    expect(connection.renew()).toBe(true);
    expect(await connection.authorization()).toBe('Bearer three');
    home.write('.kube/token', '');
    connection.renew();
    expect(await connection.authorization()).toBe('Bearer three');
  });

  it('stands in for a file that is not there; without one it is a problem', async () => {
    withUser('{tokenFile: nowhere, token: spare}');
    expect(await (await home.load()).authorization()).toBe('Bearer spare');
    withUser('{tokenFile: nowhere}');
    expect((await home.problem()).message).toContain('missing, unreadable or empty');
  });

  it.each([
    ['{token: "hunter2\\nX-Other: y"}', 'cannot be sent'],
    ['{token: 7}', 'must be text, not a number'],
    ['{token: hunter2, username: me}', 'one of the two is meant'],
  ])('is a problem: %s', async (user, what) => {
    withUser(user);
    const problem = await home.problem();
    expect(problem.message).toContain(what);
    expect(problem.message).not.toContain('hunter2');
  });
});

describe('a client certificate', () => {
  const inline = ({ certificate, key }: Pair): string =>
    `{client-certificate-data: ${base64(certificate)}, client-key-data: ${base64(key)}}`;

  it('comes from data or from files, and tells its dates', async () => {
    home.write('.kube/me.crt', pair.certificate);
    home.write('.kube/me.key', pair.key);
    for (const user of [inline(pair), '{client-certificate: me.crt, client-key: me.key}']) {
      withUser(user);
      const connection = await home.load();
      const identity = await connection.identity();
      expect(identity?.key.reveal()).toBe(pair.key);
      expect(await connection.identity()).toBe(identity);
      expect(connection.clientCertificate?.subject).toBe('O=system:masters, CN=system:admin');
      expect(connection.clientCertificate?.notAfter).toBeGreaterThan(Date.now());
    }
  });

  it('may have expired: that is for a check to say', async () => {
    withUser(inline(authority.issue('/CN=me', { days: -1 })));
    expect((await home.load()).clientCertificate?.notAfter).toBeLessThan(Date.now());
  });

  it.each<[string, string, () => string]>([
    [
      'missing',
      'nowhere.crt: there is no such file',
      () => '{client-certificate: nowhere.crt, client-key: x}',
    ],
    ['a directory', 'this is a directory', () => '{client-certificate: ., client-key: x}'],
    [
      'alone',
      'client-key: is missing',
      () => `{client-certificate-data: ${base64(pair.certificate)}}`,
    ],
    [
      'no PEM',
      'client-certificate-data: holds no PEM',
      () => inline({ ...pair, certificate: 'x' }),
    ],
    [
      'cut',
      'cannot be read',
      () =>
        inline({
          ...pair,
          certificate: pair.certificate.replace(/[A-Za-z0-9+/=]{9}\n-----END/, '\n-----END'),
        }),
    ],
    [
      'with a key that is none',
      'client-key-data: holds no PEM',
      () => inline({ ...pair, key: 'hunter2' }),
    ],
    [
      'with the key of another',
      'is not the key of the client certificate',
      () => inline({ ...pair, key: authority.issue('/CN=other').key }),
    ],
  ])('is %s', async (_, what, user) => {
    const file = withUser(user());
    const problem = await home.problem();
    expect(problem.message).toContain(what);
    expect(problem.message).not.toContain('hunter2');
    expect(problem).toMatchObject({ file, line: 12 });
  });
});

describe('what is not supported', () => {
  it.each([
    ['{auth-provider: {name: gcp}}', "auth-provider 'gcp'", 'gcloud'],
    ['{auth-provider: {name: oidc}}', "auth-provider 'oidc'", 'oidc-login'],
    ['{auth-provider: {name: mine}}', "auth-provider 'mine'", 'kubectl create token'],
    ['{as: someone}', 'does not impersonate', 'context'],
  ])('is said: %s', async (user, what, next) => {
    withUser(user);
    const problem = await home.problem();
    expect(problem.message).toContain(what);
    expect(problem.next).toContain(next);
  });
});

describe('the cluster', () => {
  it.each([
    ['{}', 'server: is missing'],
    ['{server: "127.0.0.1:6443"}', 'is not a URL that starts with https://'],
    ['{server: "ftp://h"}', 'is not a URL'],
    ['{server: "https://me:hunter2@h"}', 'holds a user name or password'],
    ['{server: "https://h", proxy-url: "http://me:hunter2@p"}', 'through a proxy'],
    ['{server: "https://h", certificate-authority: ca.crt}', 'ca.crt: there is no such file'],
    ['{server: "https://h", certificate-authority-data: aGVsbG8=}', 'holds no PEM certificate'],
    ['{server: "https://h", insecure-skip-tls-verify: "yes"}', 'must be true or false'],
  ])('is a problem: %s', async (cluster, what) => {
    const file = home.write('.kube/config', kubeconfigOf({ cluster }));
    const problem = await home.problem();
    expect(problem.message).toContain(what);
    expect(problem.message).not.toContain('hunter2');
    expect(problem).toMatchObject({ file, line: 9 });
  });

  it('has an authority or is insecure, not both', async () => {
    const ca = base64(authority.certificate);
    const both = `{server: "https://h", insecure-skip-tls-verify: true, certificate-authority-data: ${ca}}`;
    home.write('.kube/config', kubeconfigOf({ cluster: both }));
    expect((await home.problem()).message).toContain('cannot stand beside');
    const cluster = '{server: "https://h", insecure-skip-tls-verify: true, tls-server-name: n}';
    home.write('.kube/config', kubeconfigOf({ cluster }));
    expect(await home.load()).toMatchObject({ insecure: true, tlsServerName: 'n' });
  });
});

describe('the account of a pod', () => {
  const directory = 'var/run/secrets/kubernetes.io/serviceaccount';
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };

  it('is the last resort', async () => {
    home.write(`${directory}/token`, 'pod-token');
    home.write(`${directory}/ca.crt`, authority.certificate);
    home.write(`${directory}/namespace`, 'tools');
    expect(await home.load({ env })).toMatchObject({
      server: 'https://[fd00::1]',
      context: 'in-cluster',
      namespace: 'tools',
      ca: authority.certificate,
    });
    expect(await (await home.load({ env })).authorization()).toBe('Bearer pod-token');
    home.write('.kube/config', kubeconfigOf());
    expect((await home.load({ env })).context).toBe('home');
  });

  it('is a problem when it has no authority, an empty token or no address', async () => {
    home.write(`${directory}/token`, '');
    expect((await home.problem({ env })).message).toContain('token is missing or empty');
    home.write(`${directory}/token`, 'pod-token');
    expect((await home.problem({ env })).message).toContain('ca.crt: there is no such file');
    home.write(`${directory}/ca.crt`, authority.certificate);
    const bad = { ...env, KUBERNETES_SERVICE_PORT: 'x' };
    expect((await problemOf(home.load({ env: bad }))).next).toContain('env | grep');
  });
});
