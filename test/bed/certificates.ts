/** Certificates of the test bed, made by the bed's own `kube certs`. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import type { Bed } from './build.ts';

/** What a certificate shall say. */
export interface CertificateRequest {
  /** Files: `<name>.crt` and `<name>.key` (PEM, ECDSA P-256, PKCS #8). */
  readonly name: string;
  readonly usage: 'ca' | 'server' | 'client';
  /** Name of the pair that signs, made before; self-signed without it. */
  readonly issuer?: string;
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  /** Default: an hour ago. */
  readonly notBefore?: Date;
  /** Default: in a year. */
  readonly notAfter?: Date;
}

/** Paths of one key pair. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const hourMs = 3_600_000;

/** Makes the pairs in `directory`, in order. Throws with the maker's words when one cannot be made. */
export async function makeCertificates(
  bed: Bed,
  directory: string,
  requests: readonly CertificateRequest[],
): Promise<void> {
  const now = Date.now();
  const complete = requests.map((request) => ({
    ...request,
    notBefore: request.notBefore ?? new Date(now - hourMs),
    notAfter: request.notAfter ?? new Date(now + 365 * 24 * hourMs),
  }));
  await new Promise<void>((resolve, reject) => {
    const child = execFile(bed.kube, ['certs', directory], (error, _stdout, stderr) => {
      if (error) reject(new Error(`kube certs: ${stderr.trim()}`, { cause: error }));
      else resolve();
    });
    child.stdin?.end(JSON.stringify(complete));
  });
}

/** Where the files of a pair are. */
export function keyPair(directory: string, name: string): KeyPair {
  return {
    certificate: path.join(directory, `${name}.crt`),
    key: path.join(directory, `${name}.key`),
  };
}
