import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'storageclasses',
  base: '/apis/storage.k8s.io/v1',
  resource: 'storageclasses',
  namespaced: false,
});
