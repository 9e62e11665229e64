import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'daemonsets',
  base: '/apis/apps/v1',
  resource: 'daemonsets',
  namespaced: true,
});
