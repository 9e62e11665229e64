import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'replicasets',
  base: '/apis/apps/v1',
  resource: 'replicasets',
  namespaced: true,
});
