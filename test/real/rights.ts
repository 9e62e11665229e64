/** Accounts that may not look everywhere: unknown, never green; and doctor mends them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { checks } from '../../src/checks/registry.gen.ts';
import type { FacetName } from '../../src/model/facets.ts';
import type { AuditDocument } from '../../src/report/schema.ts';
import { type ControlPlane, startControlPlane } from '../bed/control-plane.ts';
import { startKwok } from '../bed/kwok.ts';
import { boundClaim, deployment, namespace, node, service } from '../bed/objects.ts';
import { grant, kubeconfigWithin, rulesBut } from './accounts.ts';
import { audit, inTurn, run, told, until } from './audit.ts';
import { untilRunning } from './cluster.ts';

interface Account {
  readonly user: string;
  /** Facets that it cannot see, and the rights that it lacks for them: `resource verb`. */
  readonly hidden: readonly FacetName[];
  readonly missing: readonly string[];
}

const accounts: readonly Account[] = [
  { user: 'no-secrets', hidden: ['secrets'], missing: ['secrets list'] },
  {
    user: 'no-nodes',
    hidden: ['nodes', 'kubeletsummaries'],
    missing: ['nodes list', 'nodes/proxy get'],
  },
  {
    user: 'no-definitions',
    hidden: ['customresourcedefinitions'],
    missing: ['customresourcedefinitions list'],
  },
];
const oneNamespace = 'one-namespace';
const nobody = 'nobody';

export function describeRights(suite: string): void {
  describe.concurrent(suite, () => {
    let controlPlane: ControlPlane;
    let whole: AuditDocument;

    beforeAll(async () => {
      const names = [...accounts.map(({ user }) => user), oneNamespace, nobody];
      const users = Object.fromEntries(names.map((name) => [name, {}]));
      controlPlane = await startControlPlane({ users });
      await fill(controlPlane);
      whole = (await audit(controlPlane)).document;
    }, 240_000);

    afterAll(async () => {
      await controlPlane?.close();
    }, 60_000);

    for (const account of accounts) {
      const { user } = account;
      test(`${user}: what it cannot see is unknown`, inTurn(60_000), async () => {
        const kubeconfig = controlPlane.kubeconfigFor(user);
        const { document, exitCode } = await audit(controlPlane, [], kubeconfig);
        expect(exitCode, told(document)).toBe(0);
        for (const facet of account.hidden) expectUnknown(document, facet);
        expect(document.works.checks.some(({ state }) => state === 'ran')).toBe(true);
        expect(await seenIn(controlPlane, account)).toEqual(account.hidden.map(() => 'unknown'));
      });

      test(`${user}: doctor names what is missing`, inTurn(60_000), async () => {
        const doctor = ['doctor', '--output', 'text'];
        const { stdout, exitCode } = await run(
          controlPlane,
          doctor,
          controlPlane.kubeconfigFor(user),
        );
        expect(exitCode).toBe(1);
        for (const facet of account.hidden)
          expect(stdout).toContain(`cannot see  ${facet}: may not`);
        expect(missingIn(await manifestFor(controlPlane, user))).toEqual(account.missing);
      });
    }

    test(`${oneNamespace}: the rest is never called well`, inTurn(60_000), async () => {
      const kubeconfig = kubeconfigWithin(controlPlane, oneNamespace, 'shop');
      const { document, exitCode } = await audit(controlPlane, [], kubeconfig);
      expect(exitCode, told(document)).toBe(0);
      expectOnlyOneNamespace(document);
      const within = await audit(
        controlPlane,
        ['-n', 'shop'],
        controlPlane.kubeconfigFor(oneNamespace),
      );
      expect(within.document.sentence).toMatch(/^In namespace shop only: /);
      expect(within.exitCode).toBe(0);
    });

    test(`${nobody}: the cluster could not be observed`, inTurn(60_000), async () => {
      const { document, exitCode } = await audit(
        controlPlane,
        [],
        controlPlane.kubeconfigFor(nobody),
      );
      expect(exitCode, told(document)).toBe(3);
      expect(document.sentence).toMatch(/^The cluster bed could not be observed/);
      // That the server answers and took our credentials was seen; and that is all.
      const ran = document.works.checks.filter(({ state }) => state !== 'blind');
      expect(ran.map(({ id }) => id)).toEqual([
        'control-plane/api-unreachable',
        'control-plane/credentials',
      ]);
      for (const { area, percent } of document.state) expect(percent, area).toBeLessThan(100);
    });

    for (const user of [...accounts.map((each) => each.user), oneNamespace, nobody]) {
      test(`${user}: what doctor asks for makes it whole`, inTurn(90_000), async () => {
        await controlPlane.apply(await manifestFor(controlPlane, user));
        await untilWhole(controlPlane, user);
        const { document, exitCode } = await audit(
          controlPlane,
          [],
          controlPlane.kubeconfigFor(user),
        );
        expect(document.unknown.map(withoutFindings)).toEqual(whole.unknown.map(withoutFindings));
        expect(document.state).toEqual(whole.state);
        expect(exitCode, told(document)).toBe(0);
      });
    }

    test('and it stays so when others are mended after it', inTurn(60_000), async () => {
      for (const { user } of accounts) await untilWhole(controlPlane, user);
    });
  });
}

async function fill(controlPlane: ControlPlane): Promise<void> {
  await startKwok(controlPlane, { nodes: [node('server', { controlPlane: true }), 'worker-1'] });
  const names = ['shop', 'office'];
  await controlPlane.apply([
    ...names.map((name) => namespace(name)),
    ...names.flatMap((name) => [
      deployment('web', name, { replicas: 2, claims: ['data'] }),
      service('web', name),
      ...boundClaim('data', name),
    ]),
  ]);
  const everywhere = accounts.map(async ({ user, hidden }) => {
    const resources = [...hidden, ...(user === 'no-nodes' ? ['nodes/proxy', 'nodes/status'] : [])];
    return grant(user, await rulesBut(controlPlane, (name) => resources.includes(name)));
  });
  const within = await rulesBut(controlPlane, (_, namespaced) => !namespaced);
  await controlPlane.apply([
    ...(await Promise.all(everywhere)).flat(),
    ...grant(oneNamespace, within, 'shop'),
  ]);
  await untilRunning(controlPlane, 4);
}

/** What reads a facet that cannot be seen says so, and its area is not whole. */
function expectUnknown(document: AuditDocument, facet: FacetName): void {
  const message = told(document);
  const said = document.unknown.filter(
    ({ facets, detail }) => facets.includes(facet) || detail.startsWith(`${facet}: `),
  );
  expect(said.length, `${facet} is in no unknown entry\n${message}`).toBeGreaterThan(0);
  expect(said[0]?.reason).toBe('forbidden');
  const blinded = checks.filter(({ reads }) => reads.includes(facet));
  for (const { id } of blinded) {
    const found = document.works.checks.find((each) => each.id === id);
    expect(found, id).toMatchObject({ state: 'blind', judged: 0, well: 0 });
  }
  // A check that would have liked to see it, and judged without, is not hurt.
  const blind = said.filter((each) => each.findings.length > 0).flatMap((each) => each.checks);
  const hurt = new Set(blind.map((id) => id.split('/')[0]));
  for (const { area, percent, atMost } of document.state.filter((each) => hurt.has(each.area))) {
    expect(percent, `${area}\n${message}`).toBeLessThan(100);
    expect(percent, `${area}\n${message}`).toBeLessThan(atMost ?? 0);
  }
}

function expectOnlyOneNamespace(document: AuditDocument): void {
  const message = told(document);
  expectUnknown(document, 'nodes');
  expectUnknown(document, 'persistentvolumes');
  const partly = document.unknown.filter(({ detail }) =>
    detail.includes('seen in namespaces shop only'),
  );
  const halfSeen = new Set(partly.flatMap((each) => each.checks));
  const namespaced: readonly FacetName[] = ['pods', 'services', 'deployments'];
  const ran = document.works.checks.filter(({ state }) => state === 'ran').map(({ id }) => id);
  expect(ran).toContain('workload/stuck-terminating');
  for (const { id, reads } of checks) {
    if (!ran.includes(id) || !reads.some((each) => namespaced.includes(each))) continue;
    expect(halfSeen.has(id), `${id} does not say that it saw one namespace only\n${message}`).toBe(
      true,
    );
  }
  for (const { area, percent } of document.state) {
    expect(percent, `${area}\n${message}`).toBeLessThan(100);
  }
}

/** The state of its hidden facets in a bundle that it makes. */
async function seenIn(controlPlane: ControlPlane, { user, hidden }: Account): Promise<string[]> {
  const file = `${controlPlane.dir}/${user}.evenkeel.gz`;
  const create = ['bundle', 'create', '--out', file];
  await run(controlPlane, create, controlPlane.kubeconfigFor(user));
  const inspect = ['bundle', 'inspect', file, '--output', 'json'];
  const { stdout } = await run(controlPlane, inspect, null);
  const { facets } = JSON.parse(stdout) as { facets: { facet: string; state: string }[] };
  return hidden.map((name) => facets.find(({ facet }) => facet === name)?.state ?? 'not there');
}

async function manifestFor(controlPlane: ControlPlane, user: string): Promise<string> {
  const yaml = ['doctor', '--output', 'yaml'];
  const { stdout, exitCode } = await run(controlPlane, yaml, controlPlane.kubeconfigFor(user));
  expect(exitCode, user).toBe(1);
  return stdout;
}

/** `resource verb` of every rule of the manifest's role. */
function missingIn(manifest: string): string[] {
  interface Role {
    readonly kind: string;
    readonly rules?: readonly { readonly resources: string[]; readonly verbs: string[] }[];
  }
  const roles = parseAllDocuments(manifest).map((each) => each.toJS() as Role);
  return roles
    .flatMap(({ rules = [] }) => rules)
    .flatMap(({ resources, verbs }) => resources.map((name) => `${name} ${verbs.join('+')}`))
    .toSorted();
}

async function untilWhole(controlPlane: ControlPlane, user: string): Promise<void> {
  const isWhole = async (): Promise<boolean> => {
    const { exitCode } = await run(controlPlane, ['doctor'], controlPlane.kubeconfigFor(user));
    return exitCode === 0;
  };
  // The API server's authorizer learns of a new rule a moment later.
  await until(`doctor has nothing more to ask for ${user}`, isWhole, 15_000);
}

function withoutFindings({ reason, checks: ids }: AuditDocument['unknown'][number]): object {
  return { reason, ids };
}
