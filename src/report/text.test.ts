import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyResult } from '../../test/support/random-results.ts';
import { samplePages } from '../../test/support/result-pages.ts';
import { fail } from '../../test/support/result-parts.ts';
import { deadNode, healthy } from '../../test/support/results.ts';
import { displayWidth, safeText } from '../lib/terminal-text.ts';
import type { AuditResult } from '../model/audit.ts';
import { documentOf } from './document.ts';
import { explainFinding, explainIncident } from './explain.ts';
import type { AuditDocument } from './schema.ts';
import { renderText } from './text.ts';

const made = (result: AuditResult): AuditDocument =>
  documentOf(result, { version: '0.1.0', pages: samplePages });
const plain = { colour: false, unicode: true };

describe('goldens', () => {
  test.each([50, 80, 140])('a dead node at %d columns', async (width) => {
    const text = renderText(made(deadNode), { ...plain, width }, samplePages);
    await expect(text).toMatchFileSnapshot(`goldens/dead-node.${width}.txt`);
  });

  test('without unicode', async () => {
    const text = renderText(
      made(deadNode),
      { width: 80, colour: false, unicode: false },
      samplePages,
    );
    expect(text).toMatch(/^[\x0a\x20-\x7e]*$/);
    await expect(text).toMatchFileSnapshot('goldens/dead-node.ascii.txt');
  });

  test('nothing wrong', async () => {
    const text = renderText(made(healthy), { ...plain, width: 80 }, samplePages);
    await expect(text).toMatchFileSnapshot('goldens/healthy.80.txt');
  });
});

test('colour changes nothing but colour', () => {
  const document = made(deadNode);
  const coloured = renderText(document, { width: 80, colour: true, unicode: true }, samplePages);
  expect(coloured).toContain('\u001b[');
  const bare = stripVTControlCharacters(coloured).replaceAll(/ +$/gm, '');
  expect(bare).toBe(renderText(document, { ...plain, width: 80 }, samplePages));
});

test('thousands of findings are folded', () => {
  const many = [...Array(5000).keys()].map((at) =>
    fail(`F-${at}`, 'workload/crash-loop', { kind: 'Pod', namespace: 'a', name: `pod-${at}` }),
  );
  const links = many.slice(1, 2500).map((each, at) => ({
    finding: each.id,
    cause: at % 3 === 0 ? 'F-0' : `F-${Math.floor(at / 2)}`,
    weight: 1,
    depth: 1,
  }));
  const [incident] = deadNode.incidents;
  if (!incident) throw new Error('the dead node is an incident');
  const result = {
    ...deadNode,
    findings: many,
    incidents: [{ ...incident, roots: ['F-0'], links, rivals: [], blind: [], contributing: [] }],
    alone: many.slice(2500).map((each) => each.id),
    postures: [],
  };
  const text = renderText(made(result), { ...plain, width: 100 }, samplePages);
  expect(text.split('\n').length).toBeLessThan(150);
  expect(text).toContain('2500');
});

/** Everything that stands whole on its line to be copied. */
function commandsOf(document: AuditDocument): Set<string> {
  const all = [
    ...document.findings.flatMap((each) => each.commands),
    ...document.incidents.flatMap((each) => [...each.next, each.suspected?.decide ?? '']),
    ...document.plan.flatMap((each) => each.commands),
  ];
  return new Set(all.map((command) => safeText(command, 4000).trim()));
}

describe('any result', () => {
  const options = fc.record({
    width: fc.integer({ min: 30, max: 200 }),
    colour: fc.constant(false),
    unicode: fc.boolean(),
  });

  test('no line is wider than the terminal, and none carries what a terminal would obey', () => {
    fc.assert(
      fc.property(anyResult, options, (result, look) => {
        const document = made(result);
        const copied = commandsOf(document);
        const text = [
          renderText(document, look, samplePages),
          ...document.incidents.map((e) => explainIncident(document, e.id, look, samplePages)),
          ...document.findings.map((e) => explainFinding(document, e.id, look, samplePages)),
        ].join('');
        expect(text).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]|\p{Default_Ignorable_Code_Point}/u);
        for (const line of text.split('\n')) {
          if (copied.has(line.trim())) continue;
          expect(displayWidth(line), line).toBeLessThanOrEqual(look.width);
        }
      }),
      { numRuns: 60 },
    );
  });
});
