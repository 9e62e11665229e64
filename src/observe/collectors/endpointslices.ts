import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'endpointslices',
  base: '/apis/discovery.k8s.io/v1',
  resource: 'endpointslices',
  namespaced: true,
});
