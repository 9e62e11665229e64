import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'csidrivers',
  base: '/apis/storage.k8s.io/v1',
  resource: 'csidrivers',
  namespaced: false,
});
