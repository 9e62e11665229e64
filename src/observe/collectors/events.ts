import { listCollector } from '../list.ts';

/** Every Warning, and the Normal ones that a check asks for: most events say that all is well. */
export const collector = listCollector({
  facet: 'events',
  base: '/api/v1',
  resource: 'events',
  namespaced: true,
  queries: [
    { fieldSelector: 'type=Warning' },
    { fieldSelector: 'type=Normal,reason=Pulling' },
    { fieldSelector: 'type=Normal,reason=Pulled' },
    { fieldSelector: 'type=Normal,reason=ExternalProvisioning' },
    { fieldSelector: 'type=Normal,reason=Provisioning' },
  ],
});
