import { listCollector } from '../list.ts';

/** Only those that the controller-manager makes in every namespace: their absence tells on it. */
export const collector = listCollector({
  facet: 'serviceaccounts',
  base: '/api/v1',
  resource: 'serviceaccounts',
  namespaced: true,
  queries: [{ fieldSelector: 'metadata.name=default' }],
});
