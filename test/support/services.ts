import { type Common, type Fields, object } from './objects.ts';
import type { RawObject } from './snapshot.ts';

/** A Service with a ClusterIP; `selector: undefined` for one that a person fills by hand. */
export function service(name: string, spec: Fields = {}, common: Common = {}): RawObject {
  const ports = [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }];
  const fields = { type: 'ClusterIP', clusterIP: '10.43.0.9', ports, ...spec };
  const namespace = common.namespace ?? 'default';
  return object('v1', 'Service', name, { spec: fields, status: {} }, { ...common, namespace });
}

/** One of the slices of a Service. */
export function endpointSlice(
  of: string,
  endpoints: readonly Fields[],
  { namespace = 'default', name = `${of}-x7k2p` }: { namespace?: string; name?: string } = {},
): RawObject {
  const labels = { 'kubernetes.io/service-name': of };
  const fields = { addressType: 'IPv4', endpoints, ports: [{ name: 'http', port: 8080 }] };
  return object('discovery.k8s.io/v1', 'EndpointSlice', name, fields, { namespace, labels });
}

/** An Ingress by which a host's root leads to a Service beside it. */
export function ingress(to: string, spec: Fields = {}, namespace = 'default'): RawObject {
  const backend = { service: { name: to, port: { number: 80 } } };
  const rules = [{ host: `${to}.lan`, http: { paths: [{ path: '/', backend }] } }];
  const fields = { ingressClassName: 'traefik', rules, ...spec };
  return object('networking.k8s.io/v1', 'Ingress', to, { spec: fields }, { namespace });
}

/** An HTTPRoute with one backend. */
export function httpRoute(name: string, ref: Fields, namespace = 'default'): RawObject {
  const spec = { hostnames: [`${name}.lan`], rules: [{ backendRefs: [{ port: 80, ...ref }] }] };
  return object('gateway.networking.k8s.io/v1', 'HTTPRoute', name, { spec }, { namespace });
}
