import { KubeFailure } from './failure.ts';
import type { Asked } from './failure-kinds.ts';

/**
 * Parses a body, or throws `malformed`.
 * JSON.parse's own error is not kept: it quotes the body, which may hold what must not be shown.
 */
export function parseJson(body: Buffer, asked: Asked): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new KubeFailure('malformed', { ...asked, said: whatElse(text, body.length) });
  }
}

function whatElse(text: string, sizeBytes: number): string {
  const head = text.slice(0, 200).trimStart();
  if (head === '') return 'the answer is empty';
  if (head.startsWith('<')) return 'the answer is a web page';
  if (head.startsWith('{') || head.startsWith('[')) {
    return `the answer is ${sizeBytes} bytes of JSON that is cut or broken`;
  }
  return `the answer is ${sizeBytes} bytes that are not JSON`;
}
