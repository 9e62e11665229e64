import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { carriesK3s, isUp } from '../../model/kubernetes/k3s-unit.ts';
import { silencesNode } from '../../model/kubernetes/silenced.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1005',
  id: 'host/config-broken',
  title: 'k3s cannot read its configuration',
  layer: 'host',
  kind: 'event',
  severity: 'critical',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.95,
      within: Infinity,
      signature: { why: ['config', 'unknown'] },
    },
    ...silencesNode(0.5, { unitUp: 'unknown' }),
  ],
  options: z.object({}),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now }) {
    const { k3s } = host;
    if (k3s.state === 'unknown') return unseen(k3s);
    if (k3s.state === 'absent') return undefined;
    const broken = k3s.value.config.filter(({ problem }) => problem);
    const [first] = broken;
    if (!first) return undefined;
    const up = isUp(host, now);
    const to = first.modifiedAt ?? now;
    return {
      verdict: 'fail',
      severity: up === false ? 'critical' : 'high',
      onset: { from: null, to },
      facts: {
        name: host.metadata.name,
        path: first.path,
        problem: first.problem ?? '',
        paths: broken.map(({ path }) => path),
        unitUp: up === undefined ? 'unknown' : up,
        sinceAt: to,
      },
      evidence: [
        {
          object: refOf(host),
          field: `k3s.config[${first.path}].problem`,
          value: first.problem ?? '',
          at: to,
        },
      ],
    };
  },
});
