import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'namespaces',
  base: '/api/v1',
  resource: 'namespaces',
  namespaced: false,
});
