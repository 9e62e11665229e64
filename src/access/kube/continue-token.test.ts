import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanContinueToken } from './continue-token.ts';

describe('scanContinueToken', () => {
  it.each([
    [
      '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1","continue":"tok"},"it',
      'tok',
    ],
    ['{"metadata":{"continue":"tok","remainingItemCount":3', 'tok'],
    ['{"metadata":{"remainingItemCount":3,"continue":"a\\"b"},', 'a"b'],
    [' {\n "metadata" : { "continue" : "tok" } , ', 'tok'],
  ])('finds it in %s', (head, token) => {
    expect(scanContinueToken(head)).toEqual({ state: 'found', token });
  });

  it.each([
    '{"metadata":{}',
    '{"metadata":{"resourceVersion":"1"}',
    '{"metadata":{"continue":""},',
  ])('knows the last page from %s', (head) => {
    expect(scanContinueToken(head)).toEqual({ state: 'last' });
  });

  it.each([
    '{"items":[{"metadata":{"continue":"no"}}]',
    '{"apiVersion":"v1","items":[',
    '{"metadata":{"labels":{"continue":"no"},',
    '{"metadata":"x","continue":"no"}',
    '{"metadata":{"continue":7},',
    '["metadata"]',
    '<html>',
    '{"kind" "x"',
  ])('does not guess from %s', (head) => {
    expect(scanContinueToken(head)).toEqual({ state: 'elsewhere' });
  });

  it('asks for more until it knows, wherever the head is cut', () => {
    const whole =
      '{"kind":"PodList","metadata":{"resourceVersion":"12","continue":"tok"},"items":[1]}';
    const known = whole.indexOf('}');
    for (let length = 0; length < whole.length; length += 1) {
      const { state } = scanContinueToken(whole.slice(0, length));
      expect([length, state]).toEqual([length, length <= known ? 'more' : 'found']);
    }
  });

  it('agrees with JSON.parse on any list, cut anywhere', () => {
    const metadata = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
    const list = fc.record({ kind: fc.string(), metadata, items: fc.array(fc.json()) });
    fc.assert(
      fc.property(
        list,
        fc.option(fc.string()),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (body, token, cut) => {
          const whole = {
            ...body,
            metadata: { ...body.metadata, ...(token !== null && { continue: token }) },
          };
          const text = JSON.stringify(whole);
          const scanned = scanContinueToken(text.slice(0, Math.floor(text.length * cut)));
          const truth: unknown = (JSON.parse(text) as typeof whole).metadata['continue'];
          if (scanned.state === 'found') expect(scanned.token).toBe(truth);
          if (scanned.state === 'last') expect(truth ?? '').toBe('');
        },
      ),
    );
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void scanContinueToken(text)));
  });
});
