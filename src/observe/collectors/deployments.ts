import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'deployments',
  base: '/apis/apps/v1',
  resource: 'deployments',
  namespaced: true,
});
