import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'longhornnodes',
  base: '/apis/longhorn.io/v1beta2',
  resource: 'nodes',
  namespaced: true,
});
