import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KubeFailure } from './failure.ts';
import { failureFromError, failureFromSignal, kindOfHttpStatus } from './failure-kinds.ts';
import { failureTexts, type KubeFailureKind } from './failure-texts.ts';

const asked = { server: 'https://[fd00::1]:6443', path: '/api/v1/nodes' };
const coded = (code: string): Error => Object.assign(new Error(`x ${code}`), { code });

describe('failureFromError', () => {
  it.each<[string, KubeFailureKind]>([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'reset'],
    ['ETIMEDOUT', 'timed-out'],
    ['EHOSTUNREACH', 'unreachable'],
    ['EAI_AGAIN', 'unknown-host'],
    ['CERT_NOT_YET_VALID', 'certificate-expired'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-untrusted'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'malformed'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'malformed'],
    ['HPE_INVALID_CONSTANT', 'malformed'],
    ['Z_DATA_ERROR', 'malformed'],
    ['ENEW', 'unreachable'],
  ])('%s is %s', (code, kind) => {
    const cause = coded(code);
    expect(failureFromError(cause, asked)).toMatchObject({ kind, code, cause });
  });

  it.each([
    ['EPROTO', 'ssl/tls alert certificate expired', 45, 'client-certificate'],
    [
      'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
      'ssl/tls alert certificate expired',
      45,
      'client-certificate',
    ],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tlsv1 alert unknown ca', 48, 'client-certificate'],
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      'tlsv13 alert certificate required',
      116,
      'client-certificate',
    ],
    ['EPROTO', 'tlsv1 alert protocol version', 70, 'malformed'],
  ])('%s with the alert "%s" (%i) is %s', (code, said, number, kind) => {
    const place = '../openssl/record.c:918:SSL alert number';
    const message = `write EPROTO 40BD:error:0A0:SSL routines:ssl3_read_bytes:${said}:${place} ${number}`;
    const failure = failureFromError(Object.assign(new Error(message), { code }), asked);
    expect(failure).toMatchObject({ kind, said });
  });

  it('of several addresses tells the one that got furthest', () => {
    const tried = new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]);
    expect(failureFromError(tried, asked)).toMatchObject({ kind: 'refused', code: 'ECONNREFUSED' });
  });

  it('gives a failure back as it is', () => {
    const failure = new KubeFailure('gone', asked);
    expect(failureFromError(failure, asked)).toBe(failure);
  });
});

describe('failureFromSignal', () => {
  it('tells a deadline from a change of mind', () => {
    const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    expect(failureFromSignal(late, asked).kind).toBe('timed-out');
    expect(failureFromSignal(AbortSignal.abort(), asked).kind).toBe('cancelled');
  });
});

describe('every kind', () => {
  it.each(Object.keys(failureTexts) as KubeFailureKind[])('%s says what, why and next', (kind) => {
    const failure = new KubeFailure(kind, { ...asked, status: 500, said: 'no' });
    for (const text of [failure.message, failure.why, failure.next]) {
      expect(text).toMatch(/\S/);
      expect(text).not.toMatch(/\{(server|path|host|port|authority|status)\}|undefined/);
    }
    expect(failure.message).toMatch(/: no$/);
  });

  it('is reached by every HTTP status', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 999 }), (status) => {
        expect(failureTexts).toHaveProperty([kindOfHttpStatus(status)]);
      }),
    );
  });

  it('makes no command that a path could break out of', () => {
    const failure = new KubeFailure('malformed', { ...asked, path: "/a';rm -rf $HOME #" });
    expect(failure.message).not.toMatch(/[;$#'] |\$HOME/);
  });
});
