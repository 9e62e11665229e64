import * as z from 'zod';
import { byText } from '../../lib/order.ts';
import { second } from '../../lib/time.ts';
import { defineCheck } from '../../model/check.ts';
import { misleadsHaproxy } from '../../model/kubernetes/node-haproxy.ts';
import { notReadySince } from '../../model/objects/node.ts';
import { readyEndpoints } from '../../model/objects/service.ts';
import { refOf } from '../../model/ref.ts';
import { keyOf } from '../../model/topology.ts';

export const check = defineCheck({
  code: 'EK4002',
  id: 'network/endpoints-on-dead-node',
  title: 'Endpoints on a dead node',
  layer: 'network',
  kind: 'event',
  severity: 'high',
  maturity: 'stable',
  reads: ['services', 'endpointslices', 'nodes'],
  wants: [],
  explains: misleadsHaproxy,
  options: z.object({
    graceMs: z
      .number()
      .default(60 * second)
      .describe('how long after a node is not ready its addresses may still be listed as ready'),
  }),
  // With publishNotReadyAddresses the API lists every address as ready, on purpose.
  subjects: ({ services, topology }) =>
    services.filter(
      (each) =>
        Object.keys(each.spec.selector ?? {}).length > 0 &&
        !each.spec.publishNotReadyAddresses &&
        topology.sees('endpointslices', each.metadata.namespace),
    ),
  judge(service, { now, topology }, { graceMs }) {
    const endpoints = readyEndpoints(topology.slicesOfService.get(keyOf(service)) ?? []);
    const dead = endpoints.flatMap(({ nodeName, addresses }) => {
      const node = topology.nodes.get(nodeName ?? '');
      const since = node && notReadySince(node);
      if (!node || since === undefined || now - since <= graceMs) return [];
      return [{ node, since, addresses: addresses ?? [] }];
    });
    const [first] = dead.toSorted((a, b) => a.since - b.since || byText(nameOf(a), nameOf(b)));
    if (!first) return undefined;
    const facts = {
      name: service.metadata.name,
      namespace: service.metadata.namespace ?? '',
      node: nameOf(first),
      nodes: [...new Set(dead.map(nameOf))].sort(byText),
      addresses: [...new Set(dead.flatMap((each) => each.addresses))].sort(byText),
      live: endpoints.length - dead.length,
      sinceAt: first.since,
      forMs: now - first.since,
    };
    const evidence = [
      {
        object: refOf(service),
        field: 'endpoints[].conditions.ready',
        value: facts.addresses,
        at: now,
      },
      {
        object: refOf(first.node),
        field: 'status.conditions[Ready].lastTransitionTime',
        value: new Date(first.since).toISOString(),
        at: first.since,
      },
    ];
    const onset = { from: null, to: first.since };
    return { verdict: 'fail', severity: 'high', onset, facts, evidence };
  },
});

function nameOf({
  node,
}: {
  readonly node: { readonly metadata: { readonly name: string } };
}): string {
  return node.metadata.name;
}
