import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { silencesNode } from '../../model/kubernetes/silenced.ts';
import type { FileSystem } from '../../model/objects/host/disk.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { KernelRecord } from '../../model/objects/host/kernel.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

export const check = defineCheck({
  code: 'EK1018',
  id: 'host/read-only-fs',
  title: 'File system is read-only',
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
      strength: 0.8,
      within: Infinity,
      signature: { why: ['read-only', 'unknown'] },
    },
    { effect: 'host/kubelet-silent', tie: 'same-subject', strength: 0.5, within: Infinity },
    ...silencesNode(0.4),
  ],
  options: z.object({}),
  subjects: ({ hosts }) => hosts,
  judge(host, { now }) {
    const { fileSystems, kernel } = host;
    if (fileSystems.state === 'unknown') return unseen(fileSystems);
    if (fileSystems.state === 'absent') return undefined;
    const stuck = fileSystems.value.filter(
      (each) => each.options.includes('ro') && (mustBeWritten(each) || toldOf(each, kernel)),
    );
    const [first] = stuck;
    if (!first) return undefined;
    const told = toldOf(first, kernel);
    return {
      verdict: 'fail',
      severity: 'critical',
      onset: { from: null, to: told?.at ?? now },
      facts: {
        name: host.metadata.name,
        mount: first.target,
        mounts: stuck.map(({ target }) => target),
        source: first.source,
        holds: [...new Set(stuck.flatMap(({ holds }) => holds))],
        kernelSays: told?.text ?? '',
      },
      evidence: [
        {
          object: refOf(host),
          field: `fileSystems[${first.target}].options`,
          value: first.options,
          at: now,
        },
      ],
    };
  },
});

/** The root of an immutable system is read-only on purpose; nothing of k3s is written there. */
function mustBeWritten({ holds }: FileSystem): boolean {
  return holds.some((each) => each !== 'root');
}

/** `EXT4-fs (dm-6): Remounting filesystem read-only`: in a log that guests share, by its device. */
function toldOf(
  { device, holds, source }: FileSystem,
  kernel: Host['kernel'],
): KernelRecord | undefined {
  if (kernel.state !== 'known' || holds.length === 0) return undefined;
  const { records, shared } = kernel.value;
  const minor = device?.split(':')[1] ?? '';
  const names = [source.split('/').at(-1) ?? '', `dm-${minor}`].map((name) => `(${name})`);
  return records.findLast(
    (record) =>
      record.class === 'read-only' && (!shared || names.some((name) => record.text.includes(name))),
  );
}
