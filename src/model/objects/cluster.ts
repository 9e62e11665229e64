import * as z from 'zod';
import { meta, optional, text } from './meta.ts';

export const namespaceSchema = z.object({
  kind: z.literal('Namespace').default('Namespace'),
  metadata: z.object({
    name: text,
    creationTimestamp: optional(text),
    deletionTimestamp: optional(text),
  }),
});
export type Namespace = z.infer<typeof namespaceSchema>;

/** Only the ServiceAccounts named `default`: the controller-manager makes one in each namespace. */
export const serviceAccountSchema = z.object({
  kind: z.literal('ServiceAccount').default('ServiceAccount'),
  metadata: z.object({ name: text, namespace: optional(text) }),
});
export type ServiceAccount = z.infer<typeof serviceAccountSchema>;

/** A Secret's shape: its type and how many keys it has. Its values never leave the API server. */
export const secretSchema = z.object({
  kind: z.literal('Secret').default('Secret'),
  metadata: z.object(meta),
  type: optional(text),
  keyCount: optional(z.number()),
});
export type Secret = z.infer<typeof secretSchema>;

/** How fast the API server answered a small read, and how often it was asked. */
export const apiLatencySchema = z.object({
  path: text,
  samplesMs: z.array(z.number()),
});
export type ApiLatency = z.infer<typeof apiLatencySchema>;

/** Our own way in: what happened when we knocked, and how long our credentials last. */
export const accessSchema = z.object({
  server: text,
  user: optional(text),
  outcome: z.enum([
    'ok',
    'unauthorized',
    'client-certificate',
    'certificate-expired',
    'certificate-untrusted',
    'refused',
    'timed-out',
    'reset',
    'unreachable',
    'unknown-host',
    'server-error',
    'forbidden',
    'malformed',
  ]),
  detail: optional(text),
  clientCertificateNotAfter: optional(z.number()),
  insecure: optional(z.boolean()),
});
export type Access = z.infer<typeof accessSchema>;
