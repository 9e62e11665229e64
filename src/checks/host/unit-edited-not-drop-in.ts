import * as z from 'zod';
import { defineCheck } from '../../model/check.ts';
import { carriesK3s, k3sUnit } from '../../model/kubernetes/k3s-unit.ts';
import { unseen } from '../../model/objects/host/look.ts';
import { refOf } from '../../model/ref.ts';

/** What the installer itself writes into the unit. */
const ofTheInstaller = /modprobe|nm-cloud-setup/;

export const check = defineCheck({
  code: 'EK1006',
  id: 'host/unit-edited-not-drop-in',
  title: 'Changes to the unit of k3s that an upgrade undoes',
  layer: 'host',
  kind: 'posture',
  severity: 'medium',
  maturity: 'experimental',
  reads: ['hosts'],
  wants: [],
  explains: [{ effect: 'host/kmsg-missing', tie: 'same-subject', strength: 0.3, within: Infinity }],
  options: z.object({}),
  subjects: ({ hosts, topology }) => hosts.filter((host) => carriesK3s(host, topology)),
  judge(host, { now }) {
    const look = k3sUnit(host);
    if (look.state === 'unknown') return unseen(look);
    if (look.state === 'absent') return undefined;
    const { name, execStartPre, execStartPreInDropIns, fragmentPath } = look.value;
    const lines = execStartPre.filter(
      (line) => !execStartPreInDropIns.includes(line) && !ofTheInstaller.test(line),
    );
    if (lines.length === 0) return undefined;
    return {
      verdict: 'fail',
      severity: 'medium',
      onset: { from: null, to: now },
      facts: {
        name: host.metadata.name,
        unit: name,
        path: fragmentPath ?? '',
        lines,
        line: lines[0] ?? '',
      },
      evidence: [
        { object: refOf(host), field: `units[${name}].execStartPre`, value: lines, at: now },
      ],
    };
  },
});
