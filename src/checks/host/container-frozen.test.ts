import { describeCheck } from '../../../test/support/cases.ts';
import { containerCases } from '../../../test/support/container-cases.ts';
import { silentHost } from '../../../test/support/hosts.ts';
import { check } from './container-frozen.ts';

describeCheck(check, [
  ...containerCases('frozen'),
  {
    name: 'silent: stopped is another finding',
    world: { objects: [], hosts: [silentHost('a', 'container-stopped', 'status: stopped')] },
    says: [],
    judged: 1,
  },
]);
