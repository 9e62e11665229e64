import { listCollector } from '../list.ts';

/**
 * As the server's own Table: name, type and number of keys.
 * The values are never asked for, so they can be nowhere.
 */
export const collector = listCollector({
  facet: 'secrets',
  base: '/api/v1',
  resource: 'secrets',
  namespaced: true,
  queries: [{ includeObject: 'Metadata' }],
  accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
});
