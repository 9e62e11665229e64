import * as z from 'zod';
import { optional, text } from './meta.ts';

const clientConfig = optional(
  z.object({ service: optional(z.object({ namespace: text, name: text })) }),
);
const rules = optional(
  z.array(
    z.object({
      apiGroups: optional(z.array(text)),
      operations: optional(z.array(text)),
      resources: optional(z.array(text)),
    }),
  ),
);
const webhooks = optional(
  z.array(z.object({ name: text, failurePolicy: optional(text), clientConfig, rules })),
);
const metadata = z.object({ name: text, creationTimestamp: optional(text) });

export const validatingWebhookSchema = z.object({
  kind: z
    .literal('ValidatingWebhookConfiguration.admissionregistration.k8s.io')
    .default('ValidatingWebhookConfiguration.admissionregistration.k8s.io'),
  metadata,
  webhooks,
});
export type ValidatingWebhook = z.infer<typeof validatingWebhookSchema>;

export const mutatingWebhookSchema = z.object({
  kind: z
    .literal('MutatingWebhookConfiguration.admissionregistration.k8s.io')
    .default('MutatingWebhookConfiguration.admissionregistration.k8s.io'),
  metadata,
  webhooks,
});
export type MutatingWebhook = z.infer<typeof mutatingWebhookSchema>;

export const customResourceDefinitionSchema = z.object({
  kind: z
    .literal('CustomResourceDefinition.apiextensions.k8s.io')
    .default('CustomResourceDefinition.apiextensions.k8s.io'),
  metadata,
  spec: z.object({
    conversion: optional(z.object({ webhook: optional(z.object({ clientConfig })) })),
  }),
});
export type CustomResourceDefinition = z.infer<typeof customResourceDefinitionSchema>;

export type WebhookConfiguration = ValidatingWebhook | MutatingWebhook | CustomResourceDefinition;
export type WebhookRules = z.infer<typeof rules>;
