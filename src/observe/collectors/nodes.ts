import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'nodes',
  base: '/api/v1',
  resource: 'nodes',
  namespaced: false,
});
