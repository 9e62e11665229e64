import { describeCheck } from '../../../test/support/cases.ts';
import { containerCases } from '../../../test/support/container-cases.ts';
import { silentHost } from '../../../test/support/hosts.ts';
import { check } from './container-stopped.ts';

describeCheck(check, [
  ...containerCases('stopped'),
  {
    name: 'silent: frozen is another finding',
    world: { objects: [], hosts: [silentHost('a', 'container-frozen', 'status: frozen')] },
    says: [],
    judged: 1,
  },
]);
