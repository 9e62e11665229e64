import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'customresourcedefinitions',
  base: '/apis/apiextensions.k8s.io/v1',
  resource: 'customresourcedefinitions',
  namespaced: false,
});
