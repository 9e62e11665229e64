import type * as z from 'zod';
import {
  customResourceDefinitionSchema,
  mutatingWebhookSchema,
  validatingWebhookSchema,
} from './objects/admission.ts';
import {
  accessSchema,
  apiLatencySchema,
  namespaceSchema,
  secretSchema,
  serviceAccountSchema,
} from './objects/cluster.ts';
import { hostSchema } from './objects/host/host.ts';
import { longhornNodeSchema } from './objects/longhorn.ts';
import { kubeletSummarySchema, leaseSchema, nodeSchema } from './objects/node.ts';
import { eventSchema, podLogSchema, podSchema } from './objects/pod.ts';
import {
  endpointSliceSchema,
  httpRouteSchema,
  ingressSchema,
  serviceSchema,
} from './objects/service.ts';
import {
  csiNodeSchema,
  persistentVolumeClaimSchema,
  persistentVolumeSchema,
  storageClassSchema,
  volumeAttachmentSchema,
} from './objects/storage.ts';
import {
  daemonSetSchema,
  deploymentSchema,
  replicaSetSchema,
  statefulSetSchema,
} from './objects/workload.ts';

/** Every list facet and the schema of one item. Named after the API's resources. */
export const listFacets = {
  csinodes: csiNodeSchema,
  customresourcedefinitions: customResourceDefinitionSchema,
  daemonsets: daemonSetSchema,
  deployments: deploymentSchema,
  endpointslices: endpointSliceSchema,
  events: eventSchema,
  hosts: hostSchema,
  httproutes: httpRouteSchema,
  ingresses: ingressSchema,
  kubeletsummaries: kubeletSummarySchema,
  leases: leaseSchema,
  longhornnodes: longhornNodeSchema,
  mutatingwebhooks: mutatingWebhookSchema,
  namespaces: namespaceSchema,
  nodes: nodeSchema,
  persistentvolumeclaims: persistentVolumeClaimSchema,
  persistentvolumes: persistentVolumeSchema,
  podlogs: podLogSchema,
  pods: podSchema,
  replicasets: replicaSetSchema,
  secrets: secretSchema,
  serviceaccounts: serviceAccountSchema,
  services: serviceSchema,
  statefulsets: statefulSetSchema,
  storageclasses: storageClassSchema,
  validatingwebhooks: validatingWebhookSchema,
  volumeattachments: volumeAttachmentSchema,
} as const;

/** Facets that are one record, not a list. */
export const recordFacets = { access: accessSchema, apilatency: apiLatencySchema } as const;

export type ListFacetName = keyof typeof listFacets;
export type RecordFacetName = keyof typeof recordFacets;
export type FacetName = ListFacetName | RecordFacetName;

/** What a known facet holds. */
export type FacetValues = {
  readonly [K in ListFacetName]: readonly z.infer<(typeof listFacets)[K]>[];
} & { readonly [K in RecordFacetName]: z.infer<(typeof recordFacets)[K]> };

export const facetNames: readonly FacetName[] = [
  ...(Object.keys(listFacets) as ListFacetName[]),
  ...(Object.keys(recordFacets) as RecordFacetName[]),
].sort();

export function isListFacet(name: FacetName): name is ListFacetName {
  return name in listFacets;
}
