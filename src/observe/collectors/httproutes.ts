import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'httproutes',
  base: '/apis/gateway.networking.k8s.io/v1',
  resource: 'httproutes',
  namespaced: true,
});
