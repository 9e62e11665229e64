import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { containerVerdict } from '../../model/kubernetes/container-verdict.ts';
import { losesHaproxyAtOnce } from '../../model/kubernetes/node-haproxy.ts';
import { silencesNode, stopsServer } from '../../model/kubernetes/silenced.ts';

export const check = defineCheck({
  code: 'EK1024',
  id: 'host/container-frozen',
  title: 'Container is frozen',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['nodes', 'leases'],
  explains: [...silencesNode(0.95), ...losesHaproxyAtOnce('host'), ...stopsServer],
  options: z.object({}),
  subjects: ({ hosts }) => hosts,
  judge: (host, view) => containerVerdict(host, 'frozen', view),
});
