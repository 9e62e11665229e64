/** A node comes back and its taint stays: told apart are a controller that is silent and one that was refused. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditDocument } from '../../src/report/schema.ts';
import type { KubeObject } from '../bed/api.ts';
import { type ControlPlane, startControlPlane } from '../bed/control-plane.ts';
import { type KwokGroup, startKwok } from '../bed/kwok.ts';
import { node } from '../bed/objects.ts';
import { type Audit, auditUntil, failedEvents, inTurn, namesOf, told, until } from './audit.ts';
import { readyOf, taintsOf } from './cluster.ts';

const unreachable = 'node.kubernetes.io/unreachable:NoSchedule';
const silence = 'control-plane/controller-manager-silent';

export function describeControllerKilled(suite: string): void {
  describe.concurrent(suite, () => {
    let controlPlane: ControlPlane;
    let dead: KwokGroup;

    beforeAll(async () => {
      controlPlane = await startControlPlane();
      await startKwok(controlPlane, {
        name: 'others',
        nodes: [node('server', { controlPlane: true }), 'worker-1'],
      });
      dead = await startKwok(controlPlane, { name: 'worker-2', nodes: ['worker-2'] });
    }, 240_000);

    afterAll(async () => {
      await controlPlane?.close();
    }, 60_000);

    test(
      'the silent controller is the root, the stale taint its effect',
      inTurn(300_000),
      async () => {
        dead.stop();
        await untilTainted(controlPlane, ['worker-2']);
        await controlPlane.signal('kube-controller-manager', 'SIGKILL');
        dead.start();
        await dead.untilReady();
        const { document, exitCode } = await auditUntil(
          controlPlane,
          (seen) => has(seen, silence) && has(seen, 'node/stale-taint'),
          150_000,
        );
        const message = told(document);
        expect(document.incidents.length, message).toBe(1);
        const [incident] = document.incidents;
        expect(namesOf(document, incident?.roots ?? []), message).toEqual([
          `${silence} Cluster/kube-controller-manager`,
        ]);
        const effects = incident?.chain.map(({ finding }) => finding) ?? [];
        expect(namesOf(document, effects), message).toEqual(['node/stale-taint Node/worker-2']);
        expect(incident?.chain[0]?.cause).toBe(incident?.roots[0]);
        expect(document.alone, message).toEqual([]);
        expect(exitCode).toBe(1);
      },
    );
  });
}

export function describePatchDenied(suite: string): void {
  describe.concurrent(suite, () => {
    let controlPlane: ControlPlane;
    let all: KwokGroup;

    beforeAll(async () => {
      controlPlane = await startControlPlane();
      // Together: while some nodes are well, a NoExecute taint comes too, and with it second patches.
      const nodes = [node('server', { controlPlane: true }), 'worker-1'];
      all = await startKwok(controlPlane, { nodes });
    }, 240_000);

    afterAll(async () => {
      await controlPlane?.close();
    }, 60_000);

    test('the stale taint names the refusal, and not the controller', inTurn(300_000), async () => {
      all.stop();
      await untilTainted(controlPlane, all.nodes);
      await controlPlane.apply(refusal);
      await until('the policy refuses', () => isRefused(controlPlane), 60_000);
      all.start();
      await all.untilReady();
      // Its one patch, and the two that kwok sends when it wakes.
      await sleep(8_000);
      await lift(controlPlane);
      const { document, exitCode } = await auditUntil(
        controlPlane,
        (seen) => failedEvents(seen).filter(isStaleTaint).length === all.nodes.length,
        120_000,
      );
      expectRefusedPatches(document, all.nodes);
      expect(exitCode).toBe(1);
    });
  });
}

const isStaleTaint = ({ check }: { readonly check: string }): boolean =>
  check === 'node/stale-taint';

function has(document: AuditDocument, check: string): boolean {
  return failedEvents(document).some((each) => each.check === check);
}

function expectRefusedPatches(document: Audit['document'], nodes: readonly string[]): void {
  const message = told(document);
  const events = failedEvents(document);
  expect(
    namesOf(
      document,
      events.map(({ id }) => id),
    ),
    message,
  ).toEqual(nodes.map((name) => `node/stale-taint Node/${name}`).toSorted());
  expect(
    events.map(({ facts }) => facts['why']),
    message,
  ).toEqual(nodes.map(() => 'patch-failed'));
  const roots = document.incidents.flatMap((incident) => incident.roots);
  expect([...roots, ...document.alone].toSorted(), message).toEqual(
    events.map(({ id }) => id).toSorted(),
  );
  const aboutController = document.findings.filter(({ check }) => check === silence);
  expect(aboutController, message).toEqual([]);
}

async function untilTainted(controlPlane: ControlPlane, names: readonly string[]): Promise<void> {
  const isTainted = async (name: string): Promise<boolean> =>
    (await readyOf(controlPlane, name)) === 'Unknown' &&
    (await taintsOf(controlPlane, name)).includes(unreachable);
  for (const name of names) await until(`${name} is tainted`, () => isTainted(name), 120_000);
}

const controller = 'system:serviceaccount:kube-system:node-controller';
const policies = '/apis/admissionregistration.k8s.io/v1';

/** Refuses what the node lifecycle controller writes to Nodes. */
const refusal: readonly KubeObject[] = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'nodes-are-frozen' },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['nodes'] },
        ],
      },
      validations: [
        { expression: `request.userInfo.username != '${controller}'`, message: 'nodes are frozen' },
      ],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'nodes-are-frozen' },
    spec: { policyName: 'nodes-are-frozen', validationActions: ['Deny'] },
  },
];

/** The API server takes a while to enforce a new policy; a dry run in the controller's name tells. */
async function isRefused(controlPlane: ControlPlane): Promise<boolean> {
  const argv = ['annotate', 'node', 'server', 'asked=1', '--dry-run=server', '--as', controller];
  const { stderr } = await controlPlane.kubectl(argv);
  return stderr.includes('nodes are frozen');
}

async function lift({ api }: ControlPlane): Promise<void> {
  for (const kind of ['validatingadmissionpolicybindings', 'validatingadmissionpolicies']) {
    await api.send('DELETE', `${policies}/${kind}/nodes-are-frozen`);
  }
}
