import { isFault, readCertificates } from './certificates.ts';
import { type Entry, isMapping } from './entry.ts';

/** The cluster's half of a connection. */
export interface Cluster {
  /** URL without a trailing slash. */
  server: string;
  insecure: boolean;
  /** PEM bundle. */
  ca?: string;
  tlsServerName?: string;
  /** The `client.authentication.k8s.io/exec` extension, for plugins that ask for it. */
  execConfig?: unknown;
}

/** Throws a `KubeconfigProblem`. */
export async function readCluster(entry: Entry): Promise<Cluster> {
  const server = serverOf(entry);
  if (entry.has('proxy-url')) {
    const next =
      'Forward a port past the proxy and name that, or run evenkeel where the server is reached.';
    throw entry.problem('proxy-url', 'evenkeel does not speak to a cluster through a proxy', next);
  }
  const insecure = entry.flag('insecure-skip-tls-verify');
  const ca = await authorityOf(entry);
  if (insecure && ca !== undefined) {
    const what = 'cannot stand beside a certificate authority: one of the two is meant';
    const next = "Drop it: 'kubectl config set-cluster NAME --insecure-skip-tls-verify=false'.";
    throw entry.problem('insecure-skip-tls-verify', what, next);
  }
  const tlsServerName = entry.text('tls-server-name');
  const execConfig = execConfigOf(entry);
  return {
    server,
    insecure,
    ...(ca !== undefined && { ca }),
    ...(tlsServerName !== undefined && { tlsServerName }),
    ...(execConfig !== undefined && { execConfig }),
  };
}

function serverOf(entry: Entry): string {
  const next = "Set it with 'kubectl config set-cluster NAME --server=https://HOST:6443'.";
  const written = entry.text('server');
  if (written === undefined) throw entry.problem('server', 'is missing', next);
  const url = URL.canParse(written) ? new URL(written) : undefined;
  // The text is not repeated: someone may have put a password into it.
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.hostname === '') {
    throw entry.problem('server', 'is not a URL that starts with https://', next);
  }
  if (url.username !== '' || url.password !== '') {
    const what = 'holds a user name or password; those belong into the user entry';
    throw entry.problem('server', what, next);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

async function authorityOf(entry: Entry): Promise<string | undefined> {
  const key = 'certificate-authority';
  const pem = await entry.blob(key);
  if (pem === undefined) return undefined;
  const certificates = readCertificates(pem);
  if (!isFault(certificates)) return pem;
  const next = "On a k3s server it is 'sudo cat /var/lib/rancher/k3s/server/tls/server-ca.crt'.";
  throw entry.problem(entry.blobKey(key), certificates.fault, next);
}

function execConfigOf(entry: Entry): unknown {
  const found = entry
    .list('extensions')
    .find((item) => isMapping(item) && item['name'] === 'client.authentication.k8s.io/exec');
  return isMapping(found) ? found['extension'] : undefined;
}
