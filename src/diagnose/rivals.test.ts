import { describe, expect, test } from 'vitest';
import { diagnosed, link, span } from '../../test/support/diagnosed.ts';
import { nodeRef, type SaidBy } from '../../test/support/runs.ts';
import { findingId } from './run-checks.ts';

describe('rivals', () => {
  const rule = { effect: 'network/service-without-endpoints', tie: 'cluster' } as const;
  const service = { kind: 'Service', namespace: 'default', name: 'web' };
  const effect: SaidBy = {
    id: 'network/service-without-endpoints',
    fails: [{ subject: service, onset: span(0, 10) }],
  };
  const cause = (id: SaidBy['id'], strength: number): SaidBy => ({
    id,
    explains: [link({ ...rule, strength })],
    fails: [{ subject: nodeRef('a'), onset: span(-10, 0) }],
  });

  test('two causes that explain the same equally well: inconclusive, with both named', () => {
    const [incident] = diagnosed(
      cause('host/unit-failed', 0.8),
      cause('node/pressure', 0.8),
      effect,
    );
    expect(incident?.certainty).toBe('inconclusive');
    expect(incident?.rivals[0]?.weight).toBeGreaterThan(0.3);
  });

  test('what could have caused the root and could not be seen is named', () => {
    const blind: SaidBy = { ...cause('host/unit-failed', 0.8), fails: [], blind: true };
    const aware = { ...blind, explains: [link({ effect: 'node/pressure', tie: 'same-subject' })] };
    const [incident] = diagnosed(aware, cause('node/pressure', 0.8), effect);
    expect(incident?.blind).toEqual([findingId('host/unit-failed')]);
  });
});

describe('circles of types', () => {
  test('a webhook blocks the CNI that carries it: the one that began is the root', () => {
    const [incident, ...others] = diagnosed(
      {
        id: 'control-plane/webhook-down',
        explains: [link({ effect: 'workload/rollout-stuck', tie: 'cluster', lead: 0 })],
        fails: [{ subject: { kind: 'Webhook', name: 'w' }, onset: span(-20, 0) }],
      },
      {
        id: 'workload/rollout-stuck',
        explains: [link({ effect: 'node/not-ready', tie: 'cluster', lead: 0 })],
        fails: [{ subject: { kind: 'DaemonSet.apps', name: 'cni' }, onset: span(20, 60) }],
      },
      {
        id: 'node/not-ready',
        explains: [link({ effect: 'control-plane/webhook-down', tie: 'cluster', lead: 0 })],
        fails: [{ subject: nodeRef('a'), onset: span(80, 130) }],
      },
    );
    expect(others).toEqual([]);
    expect(incident?.roots).toHaveLength(1);
    expect(incident?.links).toHaveLength(2);
    expect(incident?.roots[0]).toBe(
      findingId('control-plane/webhook-down', { kind: 'Webhook', name: 'w' }),
    );
  });

  test('where time says nothing, there is still one root and no circle', () => {
    const round = (id: SaidBy['id'], effect: SaidBy['id']): SaidBy => ({
      id,
      explains: [link({ effect, tie: 'cluster' })],
      fails: [{ subject: nodeRef('a'), onset: span(null, 0) }],
    });
    const incidents = diagnosed(
      round('control-plane/webhook-down', 'workload/rollout-stuck'),
      round('workload/rollout-stuck', 'node/not-ready'),
      round('node/not-ready', 'control-plane/webhook-down'),
    );
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.links).toHaveLength(2);
  });
});
