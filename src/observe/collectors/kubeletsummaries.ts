import { KubeFailure } from '../../access/kube/failure.ts';
import { conditionOf } from '../../model/objects/meta.ts';
import type { KubeletSummary, Node } from '../../model/objects/node.ts';
import { type CollectContext, defineCollector } from '../collector.ts';
import { project } from '../project.ts';
import { facetOfFailure } from '../unknown.ts';

/** How many kubelets are asked at once, and how long one may take. */
const atOnce = 8;
const patienceMs = 2_500;

/**
 * Each kubelet's own summary, through the API server's proxy.
 * When a whole round of kubelets is asked and none answers, the others are not asked: a hundred
 * dead kubelets must not hold up the audit.
 */
export const collector = defineCollector({
  facet: 'kubeletsummaries',
  rights: [{ group: '', resource: 'nodes/proxy', verb: 'get', namespaced: false }],
  deadlineMs: 10_000,
  needs: ['nodes'],
  async collect(context) {
    const nodes = await context.facet('nodes');
    if (nodes.state !== 'known') return nodes;
    const raw: unknown[] = [];
    let answered = 0;
    for (let at = 0; at < nodes.value.length; at += atOnce) {
      const round = nodes.value.slice(at, at + atOnce);
      if (at > 0 && answered === 0) {
        raw.push(...round.map((node) => unanswered(node, `none of the first ${at} kubelets did`)));
        continue;
      }
      const summaries = await Promise.all(round.map((node) => ask(node, context)));
      answered += summaries.filter((each) => !('unknown' in each)).length;
      raw.push(...summaries);
    }
    const into = { items: [] as KubeletSummary[], rejected: [] };
    project('kubeletsummaries', raw, into);
    const { items: value, rejected } = into;
    return { state: 'known', value, observedAt: context.clock.now(), scope: 'cluster', rejected };
  },
});

async function ask(node: Node, { reader, signal, clock }: CollectContext): Promise<object> {
  const { name } = node.metadata;
  if (conditionOf(node.status.conditions, 'Ready')?.status !== 'True') {
    return unanswered(node, 'the node is not ready');
  }
  const path = `/api/v1/nodes/${encodeURIComponent(name)}/proxy/stats/summary`;
  const patience = AbortSignal.any([signal, clock.deadline(patienceMs)]);
  try {
    const summary = await reader.get(path, { signal: patience });
    return { ...(summary as object), metadata: { name } };
  } catch (error) {
    // One refusal speaks for all nodes: the right is not given node by node.
    if (error instanceof KubeFailure && error.kind === 'forbidden') throw error;
    const facet = facetOfFailure(error);
    const detail = facet.state === 'unknown' ? facet.detail : 'it serves no summary';
    return unanswered(node, (error instanceof KubeFailure && error.said) || detail);
  }
}

function unanswered(node: Node, why: string): { metadata: object; unknown: object } {
  const detail = `the kubelet did not answer: ${why}`;
  return { metadata: { name: node.metadata.name }, unknown: { reason: 'no-answer', detail } };
}
