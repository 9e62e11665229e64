import { redact } from '../../lib/redact.ts';
import { containerStatuses, type Pod, type PodLog } from '../../model/objects/pod.ts';
import { type CollectContext, defineCollector } from '../collector.ts';
import { project } from '../project.ts';
import { facetOfFailure } from '../unknown.ts';

/** Bounds: a cluster where everything crashes must not be read in full. */
const mostContainers = 20;
const mostLines = 8;
const mostBytes = 4096;
const bounds = { tailLines: String(mostLines), limitBytes: String(mostBytes) };
const patienceMs = 2_500;

/** The last lines of containers that keep crashing, redacted before they are kept. */
export const collector = defineCollector({
  facet: 'podlogs',
  rights: [{ group: '', resource: 'pods/log', verb: 'get', namespaced: true }],
  deadlineMs: 10_000,
  needs: ['pods'],
  async collect(context) {
    const pods = await context.facet('pods');
    if (pods.state !== 'known') return pods;
    const crashed = pods.value.flatMap(crashLoops).slice(0, mostContainers);
    const raw = await Promise.all(crashed.map((each) => read(each, context)));
    const into = { items: [] as PodLog[], rejected: [] };
    project('podlogs', raw, into);
    const { items: value, rejected } = into;
    const { scope } = pods;
    return { state: 'known', value, observedAt: context.clock.now(), scope, rejected };
  },
});

interface Crashed {
  readonly pod: Pod;
  readonly container: string;
}

function crashLoops(pod: Pod): Crashed[] {
  return containerStatuses(pod)
    .filter((status) => status.state?.waiting?.reason === 'CrashLoopBackOff')
    .map((status) => ({ pod, container: status.name }));
}

async function read({ pod, container }: Crashed, context: CollectContext): Promise<object> {
  const { namespace, name } = pod.metadata;
  const of = { metadata: { namespace, name }, container };
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace ?? '')}/pods/${encodeURIComponent(name)}/log`;
  const query = { container, previous: 'true', ...bounds };
  const signal = AbortSignal.any([context.signal, context.clock.deadline(patienceMs)]);
  try {
    const text = bounded(await context.reader.text(path, { query, signal }));
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return { ...of, lines: lines.slice(0, mostLines).map(redact) };
  } catch (error) {
    const facet = facetOfFailure(error);
    const detail = facet.state === 'unknown' ? facet.detail : 'the kubelet has no log of it';
    return { ...of, lines: [], unknown: { reason: 'no-answer', detail } };
  }
}

/**
 * What was cut ends within a word, and half a password is not recognised as one: that word goes.
 * Cut here as well, since something between us and the kubelet may not know the bounds.
 */
function bounded(text: string): string {
  if (Buffer.byteLength(text) < mostBytes) return text;
  return text.slice(0, mostBytes).replace(/\S+$/, '');
}
