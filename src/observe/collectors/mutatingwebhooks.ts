import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'mutatingwebhooks',
  base: '/apis/admissionregistration.k8s.io/v1',
  resource: 'mutatingwebhookconfigurations',
  namespaced: false,
});
