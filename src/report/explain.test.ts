import { expect, test } from 'vitest';
import { samplePages } from '../../test/support/result-pages.ts';
import { deadNode } from '../../test/support/results.ts';
import { pages } from '../checks/pages.gen.ts';
import { displayWidth } from '../lib/terminal-text.ts';
import { documentOf } from './document.ts';
import { explainCheck, explainFinding, explainIncident } from './explain.ts';

const document = documentOf(deadNode, { version: '0.1.0', pages: samplePages });
const look = { width: 80, colour: false, unicode: true };

test('an incident: chain, evidence, rivals, what was not seen', async () => {
  const text = explainIncident(document, 'I-7gk2m4qa', look, samplePages);
  await expect(text).toMatchFileSnapshot('goldens/explain-incident.80.txt');
});

test('a finding: what it follows from, and what from it', async () => {
  const text = explainFinding(document, 'F-svc0', look, samplePages);
  await expect(text).toMatchFileSnapshot('goldens/explain-finding.80.txt');
});

test('what could not be judged says why, and what it may hide', () => {
  const text = explainFinding(document, 'F-b4', look, samplePages);
  expect(text).toContain('timed out: k3s3 did not answer within 10 s. It may hide something high.');
});

test('every page of the catalogue, its commands whole', () => {
  for (const id of Object.keys(pages)) {
    const text = explainCheck(id, { ...look, width: 40 });
    expect(text).toContain('When to ignore');
    for (const line of text?.split('\n') ?? []) {
      if (!line.startsWith('    ')) expect(displayWidth(line), line).toBeLessThanOrEqual(40);
    }
  }
});

test('what there is not', () => {
  expect(explainIncident(document, 'I-none', look)).toBeUndefined();
  expect(explainFinding(document, 'F-none', look)).toBeUndefined();
  expect(explainCheck('node/none', look)).toBeUndefined();
});
