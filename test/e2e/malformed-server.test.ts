import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestAuthority } from '../../src/access/kube/testing/certificates.ts';
import { type AuditDocument, documentSchema } from '../../src/report/schema.ts';
import { expectClear, expectProblem } from '../support/clear.ts';
import { evenkeel, kubeconfigFor, noonClock, type Ran } from '../support/cli.ts';
import { json, status } from '../support/emulated-answers.ts';
import { listen, type ServeOptions, serveWorld } from '../support/emulated-api.ts';
import { lease, node, pod } from '../support/objects.ts';
import { ago, type World } from '../support/snapshot.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-servers-'));
let authority: TestAuthority;
beforeAll(() => {
  authority = new TestAuthority();
});
afterAll(() => {
  authority.remove();
  rmSync(directory, { recursive: true, force: true });
});

type Instead = NonNullable<ServeOptions['instead']>;

/** Of four pods, so that there is a second page. */
const world: World = {
  objects: [
    node('a'),
    lease('a'),
    ...['p', 'q', 'r', 's'].map((name) => pod(name, { node: 'a' })),
    pod('stuck', { node: 'a', deleted: ago(7200) }),
  ],
};

async function run(command: string, url: string, ...more: readonly string[]): Promise<Ran> {
  const argv = [...command.split(' '), '--kubeconfig', kubeconfigFor(url, directory), ...more];
  return await evenkeel(argv, { clock: noonClock, cwd: directory });
}

async function audited(instead: Instead, ...more: readonly string[]): Promise<Ran> {
  const api = await serveWorld(world, { instead });
  try {
    const ran = await run('audit', api.url, ...more);
    expectClear(ran);
    return ran;
  } finally {
    await api.close();
  }
}

async function reported(instead: Instead): Promise<Ran & { report: AuditDocument }> {
  const ran = await audited(instead, '--output', 'json');
  return { ...ran, report: documentSchema.parse(JSON.parse(ran.stdout)) };
}

const isPods = (url: URL): boolean => url.pathname.endsWith('/pods');

/** What the pods' checks say when nothing could be seen of them, and the others as ever. */
function expectPodsUnknown({ findings, works }: AuditDocument, reason: string): void {
  const crash = findings.filter(({ check }) => check === 'workload/crash-loop');
  expect(crash).toMatchObject([{ verdict: 'unknown', subject: null, reason }]);
  const states = new Map(works.checks.map(({ id, state, judged }) => [id, [state, judged]]));
  expect(states.get('workload/crash-loop')).toEqual(['blind', 0]);
  expect(states.get('node/not-ready')).toEqual(['ran', 1]);
}

describe('a server that answers nothing of use', () => {
  const answers: readonly (readonly [string, string, (response: ServerResponse) => void])[] = [
    ['500 to everything', 'HTTP 500', (response) => status(response, 500, 'Internal', 'no leader')],
    ['429 for ever', 'HTTP 429', (response) => status(response, 429, 'TooManyRequests', 'slowly')],
    ['a web page', 'a web page', (response) => response.end('<!doctype html><p>Welcome</p>')],
    ['broken JSON', 'cut or broken', (response) => response.end('{"items": [')],
    ['no JSON', 'not JSON', (response) => response.end('\u001b[31mhello')],
    ['nothing', 'is empty', (response) => response.end()],
    ['a redirect', 'HTTP 302', (response) => response.writeHead(302, { location: '/login' }).end()],
    ['404 to everything', 'no Kubernetes API', (response) => response.writeHead(404).end('nope')],
    ['401 to everything', 'HTTP 401', (response) => status(response, 401, 'Unauthorized', 'who?')],
  ];

  test.each(answers)('%s', async (_, what, answer) => {
    const { url, close } = await listen((_request, response) => answer(response));
    try {
      await expectNotObserved(url, what);
    } finally {
      await close();
    }
  });

  test('but hangs up', async () => {
    const { url, close } = await listen((request) => request.socket.resetAndDestroy());
    try {
      await expectNotObserved(url, 'dropped the connection');
    } finally {
      await close();
    }
  });

  test('but waits', async () => {
    const { url, close } = await listen(() => undefined);
    const started = performance.now();
    try {
      await expectNotObserved(url, 'in time', '--timeout', '1s');
      // Three commands of a second each.
      expect(performance.now() - started).toBeLessThan(8000);
    } finally {
      await close();
    }
  });

  test.each([
    ['a port where nobody listens', 'http://127.0.0.1:1', 'refuses connections'],
    ['a name that does not resolve', `http://${'x'.repeat(64)}.invalid`, 'does not resolve'],
    ['an address without a route', 'http://255.255.255.255:6443', 'cannot be reached'],
  ])('%s', async (_, url, what) => {
    await expectNotObserved(url, what);
  });

  test('a certificate that nobody vouches for', async () => {
    const names = 'DNS:localhost,IP:127.0.0.1';
    const tls = authority.issue('/CN=server', { names });
    const api = await serveWorld(world, { tls });
    try {
      await expectNotObserved(api.url, 'does not prove that it is the server');
    } finally {
      await api.close();
    }
  });

  test('TLS where there is none', async () => {
    const api = await serveWorld(world);
    try {
      await expectNotObserved(api.url.replace('http:', 'https:'), 'cannot be used');
    } finally {
      await api.close();
    }
  });
});

/** The whole of a run against a cluster that shows nothing: said clearly, and nothing is well. */
async function expectNotObserved(
  url: string,
  what: string,
  ...more: readonly string[]
): Promise<void> {
  const ran = await run('audit', url, '--output', 'json', ...more);
  expectProblem(ran, 3, what);
  const report = documentSchema.parse(JSON.parse(ran.stdout));
  expect(JSON.stringify(report.unknown) + JSON.stringify(report.findings)).toContain(what);
  expect(report.works.checks.filter(({ judged, well }) => judged > 0 && well > 0)).toEqual([]);
  expect(report.state.filter(({ percent }) => percent !== null && percent > 0)).toEqual([]);
  const made = await run('bundle create', url, '--out', join(directory, 'never.gz'), ...more);
  expectProblem(made, 3, what);
  expect(made.stderr).toContain('next: see what is in the way with: evenkeel doctor');
  expectProblem(await run('doctor', url, ...more), 3, '');
}

describe('a server that fails in part', () => {
  test('500 to pods alone: the rest is judged', async () => {
    const { report, exitCode } = await reported((url, response) => {
      if (isPods(url)) status(response, 500, 'InternalError', 'etcdserver: timed out');
      return isPods(url);
    });
    expectPodsUnknown(report, 'server-error');
    expect(exitCode).toBe(0);
  });

  test('429 once, with the hour to come back: it is asked again', async () => {
    let asked = 0;
    const { report } = await reported((url, response) => {
      if (!isPods(url) || asked++ > 0) return false;
      response.setHeader('Retry-After', '1');
      status(response, 429, 'TooManyRequests', 'please try again later');
      return true;
    });
    expect(asked).toBeGreaterThan(1);
    expect(report.findings.map(({ subject }) => subject?.name)).toContain('stuck');
  });

  test('the second page is cut in the middle: half a list is none', async () => {
    const { report } = await reported((url, response) => {
      if (!isPods(url) || !url.searchParams.has('continue')) return false;
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '5000' });
      response.write('{"kind":"PodList","metadata":{},"items":[{"metadata":{"na');
      setTimeout(() => response.destroy(), 5);
      return true;
    });
    expectPodsUnknown(report, 'unreachable');
  });

  test('the second page never comes: what waits for it is unknown', async () => {
    const ran = await audited(
      (url) => isPods(url) && url.searchParams.has('continue'),
      '--output',
      'json',
      '--timeout',
      '1s',
    );
    expectPodsUnknown(documentSchema.parse(JSON.parse(ran.stdout)), 'timed-out');
  });

  test('a list that grew too old is read on', async () => {
    let gone = 0;
    const { report } = await reported((url, response) => {
      if (!isPods(url) || !url.searchParams.has('continue') || gone++ > 0) return false;
      const token = Buffer.from(JSON.stringify({ start: 3 })).toString('base64url');
      response.statusCode = 410;
      json(response, {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        metadata: { continue: token },
      });
      return true;
    });
    expect(report.findings.map(({ subject }) => subject?.name)).toContain('stuck');
  });

  test('everything but its version is forbidden: nothing was observed', async () => {
    const ran = await audited(
      (url, response) => {
        if (url.pathname === '/version') return false;
        status(response, 403, 'Forbidden', 'go away');
        return true;
      },
      '--output',
      'text',
    );
    expectProblem(ran, 3, /could not be observed: nothing of it/);
    expect(ran.stdout).toContain('evenkeel doctor');
  });
});
