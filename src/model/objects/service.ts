import * as z from 'zod';
import { optional, text, texts } from './meta.ts';

const named = { name: text, namespace: optional(text) };

export const serviceSchema = z.object({
  kind: z.literal('Service').default('Service'),
  metadata: z.object({ ...named, labels: texts, creationTimestamp: optional(text) }),
  spec: z.object({
    type: optional(text),
    clusterIP: optional(text),
    selector: texts,
    publishNotReadyAddresses: optional(z.boolean()),
    ports: optional(z.array(z.object({ nodePort: optional(z.number()) }))),
  }),
});
export type Service = z.infer<typeof serviceSchema>;

export const endpointSliceSchema = z.object({
  kind: z.literal('EndpointSlice.discovery.k8s.io').default('EndpointSlice.discovery.k8s.io'),
  metadata: z.object({ namespace: optional(text), labels: texts }),
  endpoints: optional(
    z.array(
      z.object({
        addresses: optional(z.array(text)),
        conditions: optional(z.object({ ready: optional(z.boolean()) })),
        nodeName: optional(text),
      }),
    ),
  ),
});
export type EndpointSlice = z.infer<typeof endpointSliceSchema>;
export type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** Only an explicit false is not ready: the API asks to read nil as ready. */
export function readyEndpoints(slices: readonly EndpointSlice[]): readonly Endpoint[] {
  return slices.flatMap((slice) =>
    (slice.endpoints ?? []).filter((each) => each.conditions?.ready !== false),
  );
}

const backend = z.object({ service: optional(z.object({ name: text })) });

export const ingressSchema = z.object({
  kind: z.literal('Ingress.networking.k8s.io').default('Ingress.networking.k8s.io'),
  metadata: z.object(named),
  spec: z.object({
    defaultBackend: optional(backend),
    rules: optional(
      z.array(
        z.object({
          http: optional(z.object({ paths: optional(z.array(z.object({ backend }))) })),
        }),
      ),
    ),
  }),
});
export type Ingress = z.infer<typeof ingressSchema>;

export const httpRouteSchema = z.object({
  kind: z
    .literal('HTTPRoute.gateway.networking.k8s.io')
    .default('HTTPRoute.gateway.networking.k8s.io'),
  metadata: z.object(named),
  spec: z.object({
    rules: optional(
      z.array(
        z.object({
          backendRefs: optional(
            z.array(z.object({ kind: optional(text), namespace: optional(text), name: text })),
          ),
        }),
      ),
    ),
  }),
});
export type HTTPRoute = z.infer<typeof httpRouteSchema>;
