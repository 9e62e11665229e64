import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyResult } from '../../test/support/random-results.ts';
import { samplePages } from '../../test/support/result-pages.ts';
import { deadNode, healthy } from '../../test/support/results.ts';
import { documentOf, documentText } from './document.ts';
import { documentSchema, jsonSchema, schemaText } from './schema.ts';

const options = { version: '0.1.0', pages: samplePages };
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
// The module is CommonJS: its function is its default export's default.
(addFormats.default ?? addFormats)(ajv);
const validate = ajv.compile(jsonSchema());

test('docs/reference/audit.schema.json is fresh', async () => {
  await expect(schemaText()).toMatchFileSnapshot('../../docs/reference/audit.schema.json');
});

test.each([
  ['dead node', deadNode],
  ['healthy', healthy],
])('%s: a valid document', (_, result) => {
  const parsed: unknown = JSON.parse(documentText(documentOf(result, options)));
  validate(parsed);
  expect(validate.errors).toBeNull();
  expect(documentSchema.parse(parsed)).toEqual(parsed);
});

test('any result makes a valid document, safe to print', () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      const document = documentOf(result, options);
      const text = documentText(document);
      expect(text).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]|\p{Default_Ignorable_Code_Point}/u);
      const parsed: unknown = JSON.parse(text);
      validate(parsed);
      expect(validate.errors).toBeNull();
    }),
    { numRuns: 60 },
  );
});

describe('the document', () => {
  const document = documentOf(deadNode, options);

  test('orders findings by themselves, not by how they came', () => {
    const shuffled = { ...deadNode, findings: deadNode.findings.toReversed() };
    expect(documentText(documentOf(shuffled, options))).toBe(documentText(document));
  });

  test('says which incident a finding belongs to', () => {
    const of = (id: string): unknown => document.findings.find((e) => e.id === id)?.incident;
    expect(of('F-node')).toBe('I-7gk2m4qa');
    expect(of('F-route')).toBe('I-7gk2m4qa');
    expect(of('F-crash')).toBeNull();
  });

  test('times are RFC 3339, durations stay milliseconds', () => {
    expect(document.findings[0]?.facts).toMatchObject({
      sinceAt: '2025-10-10T07:53:20.000Z',
      forMs: 260_340_000,
    });
  });

  test('what could not be seen is grouped by reason', () => {
    expect(
      document.unknown.map(({ reason, checks, subjects, mayHide }) => ({
        reason,
        checks,
        subjects,
        mayHide,
      })),
    ).toEqual([
      {
        reason: 'not-collected',
        checks: ['host/kmsg-missing', 'link/usb-nic-flapping'],
        subjects: 0,
        mayHide: 'critical',
      },
      { reason: 'forbidden', checks: ['node/kubelet-slow'], subjects: 0, mayHide: 'high' },
      { reason: 'timed-out', checks: ['storage/volume-filling'], subjects: 1, mayHide: 'high' },
    ]);
  });
});
