import { describe, expect, test } from 'vitest';
import { blind, fail } from '../../test/support/result-parts.ts';
import { pages as generated } from '../checks/pages.gen.ts';
import type { Past } from '../model/finding.ts';
import { commands, factText, headline, manyOf, pageOf, parsePage, titleOf } from './page.ts';

const pages = {
  'node/x': [
    '# Node odd',
    '',
    '> [many] {count} nodes are odd',
    '> [verdict=past] {name} was odd.',
    '> [status=Unknown,role=server] Server {name} is silent for {forMs}.',
    '> [status=Unknown] {name} is silent: {message}.',
    '> {name} is odd: {message}',
    '',
    '## What you see',
    '',
    'Oddness.',
    '',
    '## Do it yourself',
    '',
    '```sh',
    '# look first',
    'kubectl describe node {name}',
    'kubectl get pods --field-selector \\',
    '  spec.nodeName={name},status={phase}',
    '# On the node:',
    'df {path}',
    '```',
  ].join('\n'),
};
const of = (facts: Parameters<typeof fail>[3]): string =>
  headline(fail('F-1', 'node/x', { kind: 'Node', name: 'k3s3' }, facts ?? {}), pages);

describe('headline', () => {
  test('the first whose conditions all hold', () => {
    expect(of({ facts: { status: 'Unknown', role: 'server', forMs: 50_000 } })).toBe(
      'Server k3s3 is silent for 50 s.',
    );
    expect(of({ facts: { status: 'Unknown', message: 'Gone.' } })).toBe('k3s3 is silent: Gone.');
    expect(of({ facts: { status: 'False', message: 'disk' } })).toBe('k3s3 is odd: disk');
  });

  test('an empty value leaves no stray colon', () => {
    expect(of({ facts: { message: '' } })).toBe('k3s3 is odd.');
  });

  test('without its facts, the title and the subject', () => {
    expect(of({})).toBe('Node odd: k3s3');
  });

  test('foreign text is made safe', () => {
    expect(of({ facts: { message: '\u001b[2J' } })).toBe('k3s3 is odd: \\u{1b}[2J');
  });

  test('what is over is not told in the present tense', () => {
    const past: Past = {
      id: 'F-2',
      check: 'node/y',
      subject: { kind: 'Node', name: 'k3s2' },
      verdict: 'past',
      onset: { from: null, to: 0 },
      endedAt: Date.parse('2025-10-13T08:12:00Z'),
      facts: {},
      evidence: [],
    };
    expect(headline(past, pages)).toBe('Y: k3s2, over since 2025-10-13 08:12 UTC');
    expect(headline({ ...past, check: 'node/x' }, pages)).toBe('k3s2 was odd.');
  });

  test('what could not be judged says so', () => {
    expect(headline(blind('F-3', 'node/x', { detail: 'nodes: no answer' }), pages)).toBe(
      'Node odd: could not look: nodes: no answer',
    );
  });
});

test('commands: filled, joined over lines, left out where a fact is missing', () => {
  const node = fail('F-1', 'node/x', { kind: 'Node', name: 'k3s3' });
  expect(commands(node, pages)).toEqual(['# look first', 'kubectl describe node k3s3']);
  expect(commands({ ...node, facts: { phase: 'Failed' } }, pages)).toEqual([
    '# look first',
    'kubectl describe node k3s3',
    'kubectl get pods --field-selector spec.nodeName=k3s3,status=Failed',
  ]);
});

test('a line that says where to run a command comes with it', () => {
  const node = fail('F-1', 'node/x', { kind: 'Node', name: 'k3s3' }, { facts: { path: '/var' } });
  expect(commands(node, pages).slice(-2)).toEqual(['# On the node:', 'df /var']);
});

test('a name without its namespace gets it, a unit that is there twice is said once', () => {
  const pods = {
    'node/z': '# Z\n\n> {name} uses {usedPercent} % of {node}.\n> {name} in {namespace}\n',
  };
  const pod = fail('F-1', 'node/z', { kind: 'Pod', namespace: 'media', name: 'plex-0' });
  expect(headline(pod, pods)).toBe('plex-0 in media');
  const facts = { name: 'plex-0', usedPercent: 93, node: 'k3s1' };
  expect(headline({ ...pod, facts }, pods)).toBe('media/plex-0 uses 93 % of k3s1.');
});

test('facts by the end of their name', () => {
  expect(factText('forMs', 259_200_000)).toBe('3 days');
  expect(factText('sinceAt', 0)).toBe('1970-01-01 00:00 UTC');
  expect(factText('freeBytes', 2 ** 30)).toBe('1 GiB');
  expect(factText('usedPercent', 93)).toBe('93 %');
  expect(factText('pods', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])).toBe('a, b, c and 5 more');
  expect(factText('restarts', 48)).toBe('48');
  expect(factText('headless', false)).toBe('no');
});

test('titles and plurals, also without a page', () => {
  expect(titleOf('node/x', pages)).toBe('Node odd');
  expect(titleOf('node/lease-stale', pages)).toBe('Lease stale');
  expect(manyOf('node/x', 6, pages)).toBe('6 nodes are odd');
  expect(manyOf('node/lease-stale', 6, pages)).toBe('6 × lease stale');
  expect(pageOf('constructor', pages)).toBeUndefined();
});

test('every page of the catalogue has a title, a headline and sections', () => {
  for (const [id, markdown] of Object.entries(generated)) {
    const page = parsePage(markdown);
    expect(page.title, id).not.toBe('');
    expect(page.headlines.length, id).toBeGreaterThan(0);
    expect(page.sections.length, id).toBeGreaterThan(0);
  }
});
