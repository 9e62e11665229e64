import { describeCheck } from '../../../test/support/cases.ts';
import { before, darkCases } from '../../../test/support/host-cases.ts';
import { host, known } from '../../../test/support/hosts.ts';
import { ago } from '../../../test/support/snapshot.ts';
import type { Host } from '../../model/objects/host/host.ts';
import { check } from './hung-task.ts';

function hung(process: string, seconds: number, shared = false): Host {
  const text = `INFO: task ${process}:4711 blocked for more than 120 seconds.`;
  const records = [
    { class: 'hung-task' as const, at: before(seconds), about: process, count: 2, text },
  ];
  return host('a', { kernel: known({ source: 'kmsg', records, read: 900, shared }) });
}

const facts = {
  name: 'a',
  process: 'kworker/u8:nfsiod',
  nfs: true,
  records: 2,
  shared: false,
  lastAt: before(300),
};

describeCheck(check, [
  {
    name: 'silent: nothing hangs',
    world: { objects: [], hosts: [host('a')] },
    says: [],
    judged: 1,
  },
  {
    name: 'fails: a mount by NFS hangs',
    world: { objects: [], hosts: [hung('kworker/u8:nfsiod', 300)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'high',
        onset: { from: null, to: ago(300) },
        field: 'kernel.records',
        facts,
      },
    ],
  },
  {
    name: 'fails: something hangs on the machine of many guests',
    world: { objects: [], hosts: [hung('qemu-img', 300, true)] },
    says: [
      {
        verdict: 'fail',
        subject: 'Host/a',
        severity: 'medium',
        facts: { ...facts, process: 'qemu-img', nfs: false, shared: true },
      },
    ],
  },
  {
    name: 'boundary: more than an hour ago',
    world: { objects: [], hosts: [hung('nfsd', 3601)] },
    says: [],
    judged: 1,
  },
  ...darkCases('high'),
]);
