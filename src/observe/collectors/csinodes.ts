import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'csinodes',
  base: '/apis/storage.k8s.io/v1',
  resource: 'csinodes',
  namespaced: false,
});
