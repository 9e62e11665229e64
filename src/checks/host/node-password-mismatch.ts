import * as z from 'zod';
import { defineCheck, type View } from '../../model/check.ts';
import { carriesK3s, k3sUnit, unitPhase } from '../../model/kubernetes/k3s-unit.ts';
import { silencesNode } from '../../model/kubernetes/silenced.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

const rejected = /node password (rejected|verification failed|validation failed)/i;

export const check = defineCheck({
  code: 'EK1013',
  id: 'host/node-password-mismatch',
  title: 'Server refuses the node password',
  layer: 'host',
  kind: 'event',
  severity: 'high',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: ['secrets'],
  explains: [
    {
      effect: 'host/unit-failed',
      tie: 'same-subject',
      strength: 0.95,
      within: Infinity,
      signature: { why: ['password', 'unknown'] },
    },
    ...silencesNode(0.5, { unit: 'running' }),
  ],
  options: z.object({}),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, view) {
    const { now } = view;
    const look = k3sUnit(host);
    if (look.state === 'unknown') return unseen(look);
    if (look.state === 'absent') return undefined;
    const line = look.value.log.findLast(({ text }) => rejected.test(text));
    if (!line) return undefined;
    const phase = unitPhase(look.value, now, host.earlier);
    // What was refused before it last came up was accepted since.
    const since = look.value.activeSinceAt ?? 0;
    if (phase === 'running' && (line.at ?? 0) < since) return undefined;
    const node = nameOf(host);
    const twins = view.hosts.filter((each) => each !== host && nameOf(each) === node);
    const at = line.at ?? now;
    return {
      verdict: 'fail',
      severity: 'high',
      onset: { from: null, to: at },
      facts: {
        name: host.metadata.name,
        node,
        why: twins.length > 0 ? 'two-machines' : 'mismatch',
        twins: twins.map(({ metadata }) => metadata.name),
        unit: phase,
        secret: secretOf(node, view),
        line: line.text,
      },
      evidence: [
        { object: refOf(host), field: `units[${look.value.name}].log`, value: line.text, at },
      ],
    };
  },
});

/** The name under which it joins. */
function nameOf({ k3s, system, metadata }: Host): string {
  const told = k3s.state === 'known' ? k3s.value.nodeName : undefined;
  const own = system.state === 'known' ? system.value.hostname : undefined;
  return told ?? own ?? metadata.name;
}

/** Whether the server keeps a password for that name. */
function secretOf(node: string, { secrets, topology }: View<'hosts', 'secrets'>): string {
  const wanted = `${node}.node-password.k3s`;
  const found =
    secrets.state === 'known' && secrets.value.some(({ metadata }) => metadata.name === wanted);
  if (found) return 'kept';
  return topology.sees('secrets', 'kube-system') ? 'none' : 'not-seen';
}
