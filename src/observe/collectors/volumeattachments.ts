import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'volumeattachments',
  base: '/apis/storage.k8s.io/v1',
  resource: 'volumeattachments',
  namespaced: false,
});
