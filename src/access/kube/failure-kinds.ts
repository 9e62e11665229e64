import { KubeFailure, type KubeFailureKind } from './failure.ts';

/** What was being asked, for the message. */
export interface Asked {
  server: string;
  path: string;
}

const kindOfStatus: Record<number, KubeFailureKind> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  408: 'timed-out',
  410: 'gone',
  429: 'throttled',
};

/**
 * The kind of an HTTP status that is not 2xx.
 * Redirects are not followed: they would carry the token away.
 */
export function kindOfHttpStatus(status: number): KubeFailureKind {
  return kindOfStatus[status] ?? (status >= 500 ? 'server-error' : 'malformed');
}

/**
 * Node's system errors, Node's TLS errors, and OpenSSL's X509_V_ERR_* names as Node gives them:
 * https://nodejs.org/api/errors.html and https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const kindOfCode: Record<string, KubeFailureKind> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  ETIMEDOUT: 'timed-out',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  // A local firewall answers connect() so.
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  EAI_FAIL: 'unknown-host',
  EAI_NODATA: 'unknown-host',
  EAI_NONAME: 'unknown-host',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-expired',
  CERT_CHAIN_TOO_LONG: 'certificate-untrusted',
  CERT_REJECTED: 'certificate-untrusted',
  CERT_REVOKED: 'certificate-untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate-untrusted',
  CERT_UNTRUSTED: 'certificate-untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  ERR_TLS_CERT_ALTNAME_FORMAT: 'certificate-untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-untrusted',
  HOSTNAME_MISMATCH: 'certificate-untrusted',
  INVALID_CA: 'certificate-untrusted',
  INVALID_PURPOSE: 'certificate-untrusted',
  PATH_LENGTH_EXCEEDED: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
};

/** Families of codes, asked when the table has no entry; the first that matches counts. */
const kindOfFamily: readonly (readonly [RegExp, KubeFailureKind])[] = [
  [/^ERR_(SSL|OSSL)_|^EPROTO$|^HPE_/, 'malformed'],
  [/^Z_|^ERR__ERROR_FORMAT/, 'malformed'],
];

/**
 * An alert is the server's word, and these are its words about our certificate: bad,
 * unsupported, revoked, expired, unknown, unknown authority, access denied, wrong signature, required.
 * Node's code for one depends on whether it came within the handshake; its number does not.
 * https://www.rfc-editor.org/rfc/rfc8446#section-6
 */
const clientCertificateAlerts: readonly number[] = [42, 43, 44, 45, 46, 48, 49, 51, 116];

const bestFirst: readonly KubeFailureKind[] = ['refused', 'timed-out', 'unreachable'];

/** An error of the network stack as a failure; one that is a failure already is given back. */
export function failureFromError(error: unknown, asked: Asked): KubeFailure {
  if (error instanceof KubeFailure) return error;
  const { code, message } = describe(error);
  const alert = Number(/SSL alert number (\d+)/.exec(message)?.[1]);
  const isAboutUs = clientCertificateAlerts.includes(alert);
  return new KubeFailure(isAboutUs ? 'client-certificate' : kindOfErrorCode(code), {
    ...asked,
    ...(code === undefined ? {} : { code }),
    // OpenSSL's text in the middle of thread, function, file and line.
    said: /SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? message,
    cause: error,
  });
}

function kindOfErrorCode(code: string | undefined): KubeFailureKind {
  if (code === undefined) return 'unreachable';
  const known = kindOfCode[code];
  if (known !== undefined) return known;
  return kindOfFamily.find(([pattern]) => pattern.test(code))?.[1] ?? 'unreachable';
}

/** Several addresses were tried: the one that got furthest tells most. */
function describe(error: unknown): { code: string | undefined; message: string } {
  if (error instanceof AggregateError) {
    const tried = error.errors.map(describe);
    for (const kind of bestFirst) {
      const match = tried.find(({ code }) => kindOfErrorCode(code) === kind);
      if (match !== undefined) return match;
    }
  }
  if (!(error instanceof Error)) return { code: undefined, message: String(error) };
  const code = (error as NodeJS.ErrnoException).code;
  return { code: typeof code === 'string' ? code : undefined, message: error.message };
}

/** The caller's signal went off: by its deadline, or because nobody wants the answer any more. */
export function failureFromSignal(signal: AbortSignal, asked: Asked): KubeFailure {
  const reason: unknown = signal.reason;
  const isDeadline = reason instanceof Error && reason.name === 'TimeoutError';
  return new KubeFailure(isDeadline ? 'timed-out' : 'cancelled', { ...asked, cause: reason });
}
