import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'ingresses',
  base: '/apis/networking.k8s.io/v1',
  resource: 'ingresses',
  namespaced: true,
});
