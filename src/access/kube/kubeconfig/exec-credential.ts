import type { Millis } from '../../../lib/clock.ts';
import { Redacted } from '../../redacted.ts';
import type { ClientIdentity } from '../connection.ts';
import { isMapping } from './entry.ts';

/** What an exec plugin hands out. */
export interface ExecCredential {
  token?: Redacted;
  identity?: ClientIdentity;
  /** Our clock; good for as long as we run when absent. */
  expiresAt?: Millis;
}

/**
 * Reads a plugin's standard output, or says what is wrong with it without quoting it.
 * https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
export function readExecCredential(
  stdout: string,
  apiVersion: string,
): ExecCredential | { fault: string } {
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    return { fault: stdout.trim() === '' ? 'printed nothing' : 'printed what is not JSON' };
  }
  if (!isMapping(answer) || answer['kind'] !== 'ExecCredential') {
    return { fault: 'printed JSON that is not an ExecCredential' };
  }
  if (answer['apiVersion'] !== apiVersion) {
    return { fault: `answered in another apiVersion than ${apiVersion}` };
  }
  const status = answer['status'];
  if (!isMapping(status)) return { fault: 'printed an ExecCredential without a status' };
  return readStatus(status);
}

function readStatus(status: Record<string, unknown>): ExecCredential | { fault: string } {
  const token = textOf(status['token']);
  const certificate = textOf(status['clientCertificateData']);
  const key = textOf(status['clientKeyData']);
  if ((certificate === undefined) !== (key === undefined)) {
    return { fault: 'gave a client certificate without its key, or a key without its certificate' };
  }
  if (token === undefined && certificate === undefined) {
    return { fault: 'gave neither a token nor a client certificate' };
  }
  const expiry = textOf(status['expirationTimestamp']);
  const expiresAt = expiry === undefined ? undefined : Date.parse(expiry);
  if (Number.isNaN(expiresAt)) return { fault: 'gave an expirationTimestamp that is not a date' };
  return {
    ...(token !== undefined && { token: new Redacted(token) }),
    ...(certificate !== undefined &&
      key !== undefined && { identity: { certificate, key: new Redacted(key) } }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
