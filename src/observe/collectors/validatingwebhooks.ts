import { listCollector } from '../list.ts';

export const collector = listCollector({
  facet: 'validatingwebhooks',
  base: '/apis/admissionregistration.k8s.io/v1',
  resource: 'validatingwebhookconfigurations',
  namespaced: false,
});
