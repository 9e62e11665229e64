import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'statefulsets',
  base: '/apis/apps/v1',
  resource: 'statefulsets',
  namespaced: true,
});
