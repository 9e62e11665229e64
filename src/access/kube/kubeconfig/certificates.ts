import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { ClientCertificate } from '../connection.ts';

/** What is wrong with a PEM text, as the end of a sentence; never its content. */
export type PemFault = { fault: string };

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Every certificate of a bundle, or what is wrong with it. */
export function readCertificates(pem: string): readonly X509Certificate[] | PemFault {
  const blocks = pem.match(block) ?? [];
  if (blocks.length === 0) return { fault: 'holds no PEM certificate' };
  try {
    return blocks.map((text) => new X509Certificate(text));
  } catch {
    return { fault: 'holds a certificate that cannot be read; was it cut while copying?' };
  }
}

/** A client's certificate with its key checked against it, or what is wrong with them. */
export function readClientPair(
  certificatePem: string,
  keyPem: string,
): ClientCertificate | (PemFault & { field: 'client-certificate' | 'client-key' }) {
  const certificates = readCertificates(certificatePem);
  if (isFault(certificates)) return { ...certificates, field: 'client-certificate' };
  const [leaf] = certificates;
  if (leaf === undefined) return { fault: 'holds no certificate', field: 'client-certificate' };
  const key = readKey(keyPem);
  if (isFault(key)) return { ...key, field: 'client-key' };
  if (!leaf.checkPrivateKey(key)) {
    return { fault: 'is not the key of the client certificate', field: 'client-key' };
  }
  return describeCertificate(leaf);
}

export function isFault(value: object): value is PemFault {
  return 'fault' in value;
}

function readKey(pem: string): KeyObject | PemFault {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const isLocked = (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
    return { fault: isLocked ? 'is locked with a passphrase' : 'holds no PEM private key' };
  }
}

function describeCertificate(certificate: X509Certificate): ClientCertificate {
  return {
    notAfter: certificate.validToDate.getTime(),
    notBefore: certificate.validFromDate.getTime(),
    subject: certificate.subject.split('\n').join(', '),
  };
}
