import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'persistentvolumeclaims',
  base: '/api/v1',
  resource: 'persistentvolumeclaims',
  namespaced: true,
});
