import type { Millis } from '../../lib/clock.ts';
import type { Redacted } from '../redacted.ts';

/** What we show the server to be let in, when that is a certificate. PEM. */
export interface ClientIdentity {
  certificate: string;
  key: Redacted;
}

/** What is known of a client certificate without asking the server. */
export interface ClientCertificate {
  notAfter: Millis;
  notBefore: Millis;
  /** Distinguished name, for example `O=system:masters, CN=system:admin`. */
  subject: string;
}

/** One cluster and who we are there. Printing it shows no secret. */
export interface Connection {
  /** URL without a trailing slash; may hold a path (`https://rancher/k8s/clusters/c-1`). */
  server: string;
  /** Name of the context; `in-cluster` for a pod's own account. */
  context: string;
  /** Where it comes from: the files, or the service account's directory. */
  source: string;
  /** Default namespace of the context. */
  namespace?: string;
  /** Name of the user entry; empty for an anonymous one. */
  user: string;
  /** The user wrote `insecure-skip-tls-verify`: nobody proves that the server is the server. */
  insecure: boolean;
  /** The certificate of the kubeconfig itself, if it has one; it may have expired. */
  clientCertificate?: ClientCertificate;
  /** PEM bundle; the system's authorities when absent. */
  ca?: string;
  /** `tls-server-name`: the name to ask for and to expect, in place of the URL's host. */
  tlsServerName?: string;
  /** Value of the `Authorization` header. Rejects with a `KubeconfigProblem`. */
  authorization(): Promise<string | undefined>;
  /** Certificate and key; the same object for as long as they are the same. Rejects likewise. */
  identity(): Promise<ClientIdentity | undefined>;
  /** The server said 401: forget what was cached. True when that may give something else. */
  renew(): boolean;
}
