/** A cluster where all is well, with all that people run on k3s: nothing fires. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.gen.ts';
import { auditSnapshot } from '../../src/diagnose/audit.ts';
import { day } from '../../src/lib/time.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { unpackBundle } from '../../src/observe/sources/bundle.ts';
import { documentOf } from '../../src/report/document.ts';
import type { KubeObject } from '../bed/api.ts';
import { type ControlPlane, startControlPlane } from '../bed/control-plane.ts';
import { applyCrds, findCrds } from '../bed/crds.ts';
import { startKwok } from '../bed/kwok.ts';
import { type Audit, audit, failedEvents, inTurn, nameOf, run, told } from './audit.ts';
import { ciliumObjects } from './cilium.ts';
import { applyWhole, untilRunning } from './cluster.ts';
import { fluxObjects, fluxResources } from './flux.ts';
import { helmCharts, k3sNodes, k3sObjects, nodeNames } from './k3s.ts';
import { longhornObjects, longhornWebhooks } from './longhorn.ts';
import { instanceManager, instanceManagerPod, longhornResources } from './longhorn-resources.ts';
import { prometheusObjects, prometheusWebhooks } from './prometheus.ts';

/** Checks of what flaps at a start settle for two minutes: only then have they had their say. */
const settledMs = 130_000;

const crds = findCrds();
const why = crds.found ? '' : ` (${crds.reason})`;

export function describeHealthy(suite: string): void {
  describe.concurrent(suite, () => {
    let controlPlane: ControlPlane;
    let whole = 0;

    beforeAll(async () => {
      controlPlane = await startControlPlane();
      await startKwok(controlPlane, { nodes: k3sNodes() });
      await applyWhole(controlPlane, [...k3sObjects(), ...longhornObjects(), ...fluxObjects()]);
      await applyWhole(controlPlane, [...ciliumObjects(), ...prometheusObjects()]);
      if (crds.found) await applyResources(controlPlane);
      // Last, since on this bed nobody answers them.
      await controlPlane.apply([...longhornWebhooks(), ...prometheusWebhooks()]);
      await untilRunning(controlPlane, 60);
      whole = Date.now();
    }, 300_000);

    afterAll(async () => {
      await controlPlane?.close();
    }, 60_000);

    test('just installed: no event, exit code 0', inTurn(60_000), async () => {
      expectOnlyPostures(await audit(controlPlane));
    });

    test('settled: no event, exit code 0', inTurn(240_000), async () => {
      await sleep(Math.max(0, whole + settledMs - Date.now()));
      const seen = await audit(controlPlane);
      expectOnlyPostures(seen);
      expectLookedAt(seen);
    });

    test('left alone for three days: no event', inTurn(60_000), async () => {
      const file = path.join(controlPlane.dir, 'healthy.evenkeel.gz');
      await run(controlPlane, ['bundle', 'create', '--out', file]);
      const later = afterwards(unpackBundle(readFileSync(file)), 3 * day);
      const result = auditSnapshot(later, checks);
      expectOnlyPostures({ document: documentOf(result, { version: 'test' }), exitCode: 0 });
    });

    test.skipIf(!crds.found)(
      `its custom resources are what their products' schemas ask for${why}`,
      inTurn(60_000),
      async () => {
        const wanted = resources();
        const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: wanted });
        const argv = ['get', '-f', '-', '-o', 'json'];
        const { stdout, stderr } = await controlPlane.kubectl(argv, { stdin });
        expect(stderr).toBe('');
        const { items } = JSON.parse(stdout) as { items: KubeObject[] };
        // What a schema does not know the API server drops, and says nothing.
        const bodies = ({ kind, metadata: { name }, spec, status }: KubeObject): object => ({
          kind,
          name,
          ...(spec === undefined ? {} : { spec }),
          ...(status === undefined ? {} : { status }),
        });
        expect(items.map(bodies)).toMatchObject(wanted.map(bodies));
      },
    );
  });
}

/** The same cluster when nothing but its Leases has moved since. */
function afterwards(snapshot: Snapshot, ms: number): Snapshot {
  const { facets, at, serverDate = at } = snapshot;
  if (facets.leases.state !== 'known') throw new Error('the Leases were not seen');
  const renewTime = new Date(serverDate + ms - 5_000).toISOString();
  const value = facets.leases.value.map((lease) => ({
    ...lease,
    metadata: { ...lease.metadata, managedFields: [] },
    spec: { ...lease.spec, renewTime },
    window: { renewals: 3, watchedMs: 30_000 },
  }));
  const leases = { ...facets.leases, value };
  return {
    ...snapshot,
    at: at + ms,
    serverDate: serverDate + ms,
    facets: { ...facets, leases },
  };
}

function resources(): KubeObject[] {
  return [...helmCharts(), ...longhornResources(), ...fluxResources()];
}

async function applyResources(controlPlane: ControlPlane): Promise<void> {
  await applyCrds(controlPlane, ['k3s', 'longhorn', 'flux']);
  await applyWhole(controlPlane, resources());
  // The garbage collector removes a pod whose owner is not the one it names.
  const pods = nodeNames.map(async (name) => {
    const { apiVersion, metadata } = instanceManager(name);
    const base = `/apis/${apiVersion}/namespaces/${metadata.namespace}/instancemanagers`;
    const made = await controlPlane.api.get(`${base}/${metadata.name}`);
    return instanceManagerPod(name, String(made.metadata['uid']));
  });
  await controlPlane.apply(await Promise.all(pods));
}

function expectOnlyPostures({ document, exitCode }: Audit): void {
  const postures = document.findings
    .filter(({ verdict, kind }) => verdict === 'fail' && kind === 'posture')
    .map((each) => `${nameOf(each)} (${each.severity})`);
  const message = `${told(document)}\npostures: ${postures.join(', ')}`;
  expect(failedEvents(document).map(nameOf), message).toEqual([]);
  expect(document.incidents, message).toEqual([]);
  expect(document.alone, message).toEqual([]);
  expect(exitCode, message).toBe(0);
}

/** Silence counts for something only where somebody looked: how many subjects each had, at least. */
const judged: Readonly<Record<string, number>> = {
  'control-plane/controller-manager-silent': 1,
  'control-plane/webhook-down': 4,
  'network/endpoints-on-dead-node': 30,
  'network/service-without-endpoints': 30,
  'network/svclb-missing': 1,
  'node/lease-stale': 3,
  'node/not-ready': 3,
  'node/stale-taint': 3,
  'storage/attach-stuck': 1,
  'storage/csi-not-registered': 3,
  'storage/pv-released': 2,
  'storage/pvc-pending': 3,
  'workload/rollout-stuck': 30,
};

function expectLookedAt({ document }: Audit): void {
  const message = told(document);
  const blind = document.works.checks.filter(({ state }) => state !== 'ran').map(({ id }) => id);
  const ofMachines = checks.filter(({ reads }) => reads.includes('hosts')).map(({ id }) => id);
  // There are no machines here to look at.
  expect(blind.toSorted(), message).toEqual(ofMachines.toSorted());
  for (const [id, least] of Object.entries(judged)) {
    const found = document.works.checks.find((each) => each.id === id);
    expect(found?.judged, id).toBeGreaterThanOrEqual(least);
    expect(found?.well, id).toBe(found?.judged);
  }
  // Simulated nodes have neither a kubelet that could be asked nor a machine.
  const others = document.unknown.filter(
    ({ detail }) =>
      !detail.includes('the kubelet did not') &&
      !detail.includes('the machines were not looked at'),
  );
  expect(others, message).toEqual([]);
}
