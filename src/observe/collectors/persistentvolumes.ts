import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'persistentvolumes',
  base: '/api/v1',
  resource: 'persistentvolumes',
  namespaced: false,
});
