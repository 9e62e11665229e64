import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'services',
  base: '/api/v1',
  resource: 'services',
  namespaced: true,
});
