import type { Millis } from '../../lib/clock.ts';
import { redact } from '../../lib/redact.ts';
import { KubeFailure } from './failure.ts';
import { type Asked, kindOfHttpStatus } from './failure-kinds.ts';
import { retryAfter } from './retry.ts';
import type { WireAnswer } from './wire.ts';

interface Status {
  message?: unknown;
  metadata?: { continue?: unknown } | null;
}

/**
 * An answer that is not 2xx, as a failure with what the server's Status object says.
 * `authorization` is the header that was sent: some proxies repeat what they were asked.
 */
export function failureFromAnswer(
  answer: WireAnswer,
  asked: Asked,
  now: Millis,
  authorization?: string,
): KubeFailure {
  const text = answer.body.toString('utf8');
  const status = parseStatus(text);
  const retryAfterMs = retryAfter(answer.headers['retry-after'], now);
  const inconsistentContinue = status?.metadata?.continue;
  return new KubeFailure(kindOfHttpStatus(answer.status), {
    ...asked,
    status: answer.status,
    said: concealed(said(status, text), authorization),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(typeof inconsistentContinue === 'string' && { inconsistentContinue }),
  });
}

function concealed(text: string, authorization = ''): string {
  const credential = authorization.slice(authorization.indexOf(' ') + 1);
  return redact(credential === '' ? text : text.replaceAll(credential, '[redacted]'));
}

function parseStatus(text: string): Status | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function said(status: Status | undefined, text: string): string {
  if (typeof status?.message === 'string') return status.message;
  if (text.trimStart().startsWith('<')) return 'the answer is a web page';
  return status === undefined ? text : '';
}
