import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'pods',
  base: '/api/v1',
  resource: 'pods',
  namespaced: true,
});
