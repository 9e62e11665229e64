import { afterEach, describe, expect, it } from 'vitest';
import { KubeClient } from './client.ts';
import type { ListRequest } from './port.ts';
import { answerJson, connectionTo, type Handler, TestServer } from './testing/server.ts';

let server: TestServer;
let client: KubeClient;

afterEach(async () => {
  client.close();
  await server.stop();
});

async function serve(handler: Handler): Promise<void> {
  server = await TestServer.start(handler);
  client = new KubeClient(connectionTo(server.url()), { version: '0', random: () => 0 });
}

const path = '/api/v1/pods';

function list(request: Partial<ListRequest> = {}): AsyncIterable<readonly unknown[]> {
  return client.pages({ path, signal: AbortSignal.timeout(10_000), ...request });
}

async function all(pages: AsyncIterable<readonly unknown[]>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

const pageOf = (items: unknown[], token?: string): object => ({
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '7', ...(token !== undefined && { continue: token }) },
  items,
});

const gone = (token?: string): object => ({
  kind: 'Status',
  metadata: token === undefined ? {} : { continue: token },
  message: 'The provided continue parameter is too old',
  code: 410,
});

/** Three pages: a, then b, then nothing more. */
const threePages: Record<string, object> = {
  '': pageOf([1, 2], 'a'),
  a: pageOf([3], 'b'),
  b: pageOf([4]),
};

const tokenOf = (url: URL): string => url.searchParams.get('continue') ?? '';

describe('a list', () => {
  it('comes page by page, with the same question on each', async () => {
    await serve((_, response, url) => answerJson(response, threePages[tokenOf(url)]));
    const query = { fieldSelector: 'spec.nodeName=n' };
    expect(await all(list({ query, limit: 2 }))).toEqual([1, 2, 3, 4]);
    const asked = 'GET /api/v1/pods?fieldSelector=spec.nodeName=n&limit=2';
    expect(server.requests).toEqual([asked, `${asked}&continue=a`, `${asked}&continue=b`]);
  });

  it('gives the rows of a Table', async () => {
    let accept: string | undefined;
    await serve((request, response) => {
      accept = request.headers.accept;
      answerJson(response, {
        kind: 'Table',
        metadata: {},
        columnDefinitions: [],
        rows: [{ a: 1 }],
      });
    });
    const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    expect(await all(list({ accept: asTable }))).toEqual([{ a: 1 }]);
    expect(accept).toBe(asTable);
  });

  it.each([
    { kind: 'PodList', metadata: {}, items: null },
    { kind: 'Table', rows: null },
  ])('may be empty: %j', async (body) => {
    await serve((_, response) => answerJson(response, body));
    expect(await all(list())).toEqual([]);
  });

  it.each([{ kind: 'Pod' }, [], null, 7, { items: {} }, { kind: 'Table', rows: 'x' }])(
    'is malformed when it is no list: %j',
    async (body) => {
      await serve((_, response) => answerJson(response, body));
      await expect(all(list())).rejects.toMatchObject({ kind: 'malformed' });
    },
  );

  it('pages when the server writes the metadata last, as it does for custom resources', async () => {
    await serve((_, response, url) => {
      const token = tokenOf(url);
      answerJson(response, { items: [token], metadata: { continue: token === '' ? 'a' : '' } });
    });
    expect(await all(list())).toEqual(['', 'a']);
  });

  it('believes the body where its head says something else', async () => {
    await serve((_, response, url) => {
      if (tokenOf(url) === 'right') return answerJson(response, pageOf([2]));
      // The later of two equal keys counts, and the scanner sees the first.
      response.end('{"metadata":{"continue":"wrong"},"items":[1],"metadata":{"continue":"right"}}');
    });
    expect(await all(list())).toEqual([1, 2]);
  });

  it('does not go round in circles', async () => {
    await serve((_, response) => answerJson(response, pageOf([1], 'a')));
    await expect(all(list())).rejects.toMatchObject({ kind: 'malformed' });
  });
});

describe('reading ahead', () => {
  it('asks for the next page while this one is still arriving', async () => {
    let finishFirst: (() => void) | undefined;
    await serve((_, response, url) => {
      if (tokenOf(url) === 'a') {
        finishFirst?.();
        return answerJson(response, pageOf([2]));
      }
      response.write('{"kind":"PodList","metadata":{"continue":"a"},"items":[');
      // Without the second request the first answer never ends.
      finishFirst = () => response.end('1]}');
    });
    expect(await all(list())).toEqual([1, 2]);
  });

  it('is one page ahead of the consumer and no more', async () => {
    await serve((_, response, url) => {
      const page = Number(tokenOf(url) || 0);
      answerJson(response, pageOf([page], page < 9 ? String(page + 1) : undefined));
    });
    const pages = list()[Symbol.asyncIterator]();
    await pages.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.requests).toHaveLength(2);
    await pages.return?.(undefined);
  });

  it('drops the page ahead when the consumer leaves', async () => {
    let dropped = false;
    await serve((_, response, url) => {
      if (tokenOf(url) === '') return answerJson(response, pageOf([1], 'a'));
      response.on('close', () => {
        dropped = true;
      });
    });
    for await (const page of list()) {
      expect(page).toEqual([1]);
      await expect.poll(() => server.requests.length).toBe(2);
      break;
    }
    await expect.poll(() => dropped).toBe(true);
  });
});

describe('a list that breaks in the middle', () => {
  it('is sent again where the connection was cut, without an item twice', async () => {
    await serve((_, response, url) => {
      if (server.requests.length === 2) {
        response.write('{"kind":"PodList","metadata":{"continue":"b"},"items":[3', () =>
          response.destroy(),
        );
        return;
      }
      answerJson(response, threePages[tokenOf(url)]);
    });
    expect(await all(list())).toEqual([1, 2, 3, 4]);
  });

  it('survives a 500', async () => {
    await serve((_, response, url) => {
      if (server.requests.length === 2) return answerJson(response, {}, 500);
      answerJson(response, threePages[tokenOf(url)]);
    });
    expect(await all(list())).toEqual([1, 2, 3, 4]);
  });

  it('goes on after 410 with the token that the server offers', async () => {
    await serve((_, response, url) => {
      const token = tokenOf(url);
      if (token === 'a') return answerJson(response, gone('fresh'), 410);
      answerJson(response, token === 'fresh' ? pageOf([3], 'b') : threePages[token]);
    });
    expect(await all(list())).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['it offers none', (_token: string) => gone()],
    ['what it offers is gone too', (_token: string) => gone('fresh')],
  ])('is gone after 410 when %s', async (_, answer) => {
    await serve((_request, response, url) => {
      const token = tokenOf(url);
      if (token === '') answerJson(response, pageOf([1], 'a'));
      else answerJson(response, answer(token), 410);
    });
    await expect(all(list())).rejects.toMatchObject({ kind: 'gone', status: 410 });
    expect(server.requests.length).toBeLessThanOrEqual(3);
  });

  it('gives the good pages before it fails', async () => {
    await serve((_, response, url) => {
      if (tokenOf(url) === '') return answerJson(response, pageOf([1], 'a'));
      response.end('{"kind":"PodList","metadata":{},"items":[');
    });
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const page of list()) seen.push(...page);
    })();
    await expect(reading).rejects.toMatchObject({ kind: 'malformed' });
    expect(seen).toEqual([1]);
  });

  it('ends with its signal', async () => {
    await serve((_, response, url) => {
      if (tokenOf(url) === '') answerJson(response, pageOf([1], 'a'));
    });
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _page of list({ signal: controller.signal })) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
