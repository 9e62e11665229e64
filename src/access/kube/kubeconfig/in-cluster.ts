import { join } from 'node:path';
import type { Clock } from '../../../lib/clock.ts';
import type { Connection } from '../connection.ts';
import { isFault, readCertificates } from './certificates.ts';
import { isMissing, readText } from './file.ts';
import { KubeconfigProblem } from './problem.ts';
import { serviceAccount } from './user.ts';

const directory = 'var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The account that a pod is given, or undefined outside of one.
 * https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 * Throws a `KubeconfigProblem` when the account is there and cannot be used.
 */
export async function inCluster(
  root: string,
  env: NodeJS.ProcessEnv,
  clock: Clock,
): Promise<Connection | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const tokenPath = join(root, directory, 'token');
  if (host === '' || (await isMissing(tokenPath))) return undefined;
  const credentials = serviceAccount(tokenPath, clock);
  await credentials.authorization();
  const namespace = await readText(join(root, directory, 'namespace')).catch(() => '');
  const caPath = join(root, directory, 'ca.crt');
  const ca = await readText(caPath);
  const certificates = readCertificates(ca);
  if (isFault(certificates)) {
    const next = "See 'kubectl get configmap kube-root-ca.crt -o yaml' in the pod's namespace.";
    throw new KubeconfigProblem({ file: caPath }, certificates.fault, next);
  }
  return {
    server: serverUrl(host, env['KUBERNETES_SERVICE_PORT'] || '443'),
    context: 'in-cluster',
    source: join(root, directory),
    user: 'service account',
    insecure: false,
    ca,
    ...(namespace.trim() !== '' && { namespace: namespace.trim() }),
    ...credentials,
  };
}

function serverUrl(host: string, port: string): string {
  const url = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (URL.canParse(url)) return new URL(url).origin;
  const what = 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT do not make an address';
  throw new KubeconfigProblem(undefined, what, "See them with 'env | grep KUBERNETES_SERVICE'.");
}
