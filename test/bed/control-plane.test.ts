import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBed } from './build.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { type KwokGroup, startKwok } from './kwok.ts';
import { boundClaim, deployment, namespace, node, service } from './objects.ts';

const bed = findBed();
const why = bed.found ? '' : ` (${bed.reason})`;
const startMs = 180_000;

interface Lease {
  readonly spec: { readonly holderIdentity?: string; readonly renewTime: string };
}

interface Node {
  readonly spec: { readonly podCIDR?: string };
  readonly status: { readonly conditions: readonly { type: string; status: string }[] };
}

describe.skipIf(!bed.found)(`the bed's control plane${why}`, () => {
  let controlPlane: ControlPlane;
  let group: KwokGroup;

  beforeAll(async () => {
    controlPlane = await startControlPlane({ users: { 'nobody-special': {} } });
    group = await startKwok(controlPlane, {
      nodes: [node('server', { controlPlane: true }), 'one'],
    });
  }, startMs);

  afterAll(async () => {
    await controlPlane?.close();
  }, 60_000);

  test('makes nodes Ready, with a pod network and no pressure', async () => {
    const { spec, status } = await controlPlane.api.get<Node>('/api/v1/nodes/one');
    const conditions = new Map(status.conditions.map((each) => [each.type, each.status]));
    expect(conditions.get('Ready')).toBe('True');
    for (const type of ['MemoryPressure', 'DiskPressure', 'PIDPressure']) {
      expect(conditions.get(type), type).toBe('False');
    }
    await expect
      .poll(async () => (await controlPlane.api.get<Node>('/api/v1/nodes/one')).spec.podCIDR, {
        timeout: 15_000,
      })
      .toMatch(/^10\.42\.\d+\.0\/24$/);
    expect(spec).toBeDefined();
  });

  test('renews node Leases while the simulated kubelet runs and not when it is stopped', async () => {
    const renewed = async (): Promise<string> => {
      const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
      return (await controlPlane.api.get<Lease>(`${leases}/one`)).spec.renewTime;
    };
    const first = await renewed();
    await expect.poll(renewed, { timeout: 20_000, interval: 500 }).not.toBe(first);
    group.stop();
    const last = await renewed();
    await sleep(12_000);
    expect(await renewed()).toBe(last);
    group.start();
    await group.untilReady();
  }, 90_000);

  test('runs pods with bound claims and fills their endpoints', async () => {
    await controlPlane.apply([
      namespace('shop'),
      ...boundClaim('data', 'shop'),
      deployment('web', 'shop', { replicas: 2, claims: ['data'] }),
      service('web', 'shop'),
    ]);
    const argv = ['get', 'endpointslices', '-n', 'shop', '-o', 'json'];
    const readyEndpoints = async (): Promise<number> => {
      const { items } = JSON.parse((await controlPlane.kubectl(argv)).stdout) as {
        items: { endpoints?: { conditions: { ready?: boolean } }[] | null }[];
      };
      const endpoints = items.flatMap((slice) => slice.endpoints ?? []);
      return endpoints.filter((endpoint) => endpoint.conditions.ready).length;
    };
    await expect.poll(readyEndpoints, { timeout: 60_000, interval: 500 }).toBe(2);
  }, 90_000);

  test('knows users by token and by certificate, and refuses one that has expired', async () => {
    const forbidden = await controlPlane.kubectl(['get', 'pods'], { user: 'nobody-special' });
    expect(forbidden.stderr).toContain('pods is forbidden: User "nobody-special"');
    const names = { commonName: 'jane', organizations: ['system:masters'] };
    const valid = await controlPlane.clientCertificate(names);
    const expired = await controlPlane.clientCertificate({
      ...names,
      notBefore: new Date(Date.now() - 7_200_000),
      notAfter: new Date(Date.now() - 3_600_000),
    });
    const whoami = ['auth', 'whoami', '--kubeconfig'];
    const good = await controlPlane.kubectl([...whoami, valid.kubeconfig]);
    expect(good.stdout).toMatch(/Username\s+jane/);
    const bad = await controlPlane.kubectl([...whoami, expired.kubeconfig]);
    expect(bad.stderr).toContain('Unauthorized');
  });

  test('has leader Leases of the controller-manager and the scheduler', async () => {
    for (const name of ['kube-controller-manager', 'kube-scheduler']) {
      const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
      const { spec } = await controlPlane.api.get<Lease>(`${leases}/${name}`);
      expect(spec.holderIdentity, name).toBeTruthy();
    }
  });

  test('leaves no process and no directory behind', async () => {
    const { dir } = controlPlane;
    expect(processesIn(dir).length).toBeGreaterThan(4);
    await controlPlane.close();
    expect(processesIn(dir)).toEqual([]);
    expect(existsSync(dir)).toBe(false);
  });
});

/** Ids of the processes that work in a directory, removed or not. */
function processesIn(directory: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readlinkSync(path.join('/proc', pid, 'cwd')).startsWith(directory);
    } catch {
      // Gone by now, or not ours to look at.
      return false;
    }
  });
}
