import * as z from 'zod';
import type { KubeReader } from '../access/kube/port.ts';
import { byText } from '../lib/order.ts';
import type { FacetName } from '../model/facets.ts';
import type { Right } from '../model/right.ts';
import { collectors } from './collectors/registry.gen.ts';

/** What one collector may do, as the API server itself says. */
export interface Sight {
  readonly facet: FacetName;
  readonly right: Right;
  readonly allowed: boolean;
  /** Namespaces where it is allowed although not everywhere. */
  readonly allowedIn: readonly string[];
}

const accessReview = z.object({ status: z.object({ allowed: z.boolean() }) });
const subjectReview = z.object({
  status: z.object({
    userInfo: z.object({ username: z.string(), groups: z.array(z.string()).nullish() }),
  }),
});

/** Asks the API server about every right that some collector uses. */
export async function reviewRights(
  reader: KubeReader,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly Sight[]> {
  const asked = collectors.flatMap(({ facet, rights }) =>
    rights.map((right) => ({ facet, right })),
  );
  const sights = await Promise.all(
    asked.map(async ({ facet, right }): Promise<Sight> => {
      const allowed = await may(reader, right, undefined, signal);
      const allowedIn: string[] = [];
      for (const namespace of allowed || !right.namespaced ? [] : namespaces) {
        if (await may(reader, right, namespace, signal)) allowedIn.push(namespace);
      }
      return { facet, right, allowed, allowedIn };
    }),
  );
  return [...sights].sort((a, b) => byText(a.facet, b.facet));
}

async function may(
  reader: KubeReader,
  { group, resource, verb }: Right,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const [name, subresource] = resource.split('/');
  const resourceAttributes = { group, resource: name, subresource, verb, namespace };
  const answer = await reader.review(
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    },
    { signal },
  );
  return accessReview.parse(answer).status.allowed;
}

/** Who the API server takes us for. */
export async function reviewSelf(reader: KubeReader, signal: AbortSignal): Promise<string> {
  const answer = await reader.review(
    '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    { signal },
  );
  return subjectReview.parse(answer).status.userInfo.username;
}
