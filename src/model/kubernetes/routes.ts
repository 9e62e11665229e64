import { byText } from '../../lib/order.ts';
import type { HTTPRoute, Ingress, Service } from '../objects/service.ts';

/** The Ingresses and HTTPRoutes that lead to the Service, as a person would name them. */
export function routesTo(
  { metadata: { name, namespace } }: Service,
  ingresses: readonly Ingress[],
  httpRoutes: readonly HTTPRoute[],
): readonly string[] {
  const found: string[] = [];
  for (const each of ingresses) {
    if (each.metadata.namespace !== namespace) continue;
    const paths = (each.spec.rules ?? []).flatMap((rule) => rule.http?.paths ?? []);
    const backends = [each.spec.defaultBackend, ...paths.map((path) => path.backend)];
    if (backends.some((backend) => backend?.service?.name === name)) {
      found.push(`Ingress ${namespace}/${each.metadata.name}`);
    }
  }
  for (const each of httpRoutes) {
    const backends = (each.spec.rules ?? []).flatMap((rule) => rule.backendRefs ?? []);
    const leadsHere = backends.some(
      (ref) =>
        ref.name === name &&
        (ref.kind ?? 'Service') === 'Service' &&
        (ref.namespace ?? each.metadata.namespace) === namespace,
    );
    if (leadsHere) found.push(`HTTPRoute ${each.metadata.namespace}/${each.metadata.name}`);
  }
  return found.sort(byText);
}
