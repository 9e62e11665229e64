/** Accounts that may look at some things only, by RBAC of the real API server. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KubeObject } from '../bed/api.ts';
import type { ControlPlane } from '../bed/control-plane.ts';

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly namespaced: boolean }[];
}

interface GroupList {
  readonly groups: readonly {
    readonly name: string;
    readonly preferredVersion: { readonly groupVersion: string };
  }[];
}

interface Rule {
  readonly apiGroups: readonly [string];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Not served here; an account that may see all that is to come may see it too. */
const toCome: readonly Rule[] = [
  {
    apiGroups: ['gateway.networking.k8s.io'],
    resources: ['httproutes'],
    verbs: ['get', 'list', 'watch'],
  },
  { apiGroups: ['longhorn.io'], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
];

/** Rules to read every resource that the API server serves, subresources too, but those refused. */
export async function rulesBut(
  { api }: ControlPlane,
  isRefused: (resource: string, namespaced: boolean) => boolean,
): Promise<Rule[]> {
  const { groups } = await api.get<GroupList>('/apis');
  const served = groups.map(({ name, preferredVersion }) => ({
    name,
    path: `/apis/${preferredVersion.groupVersion}`,
  }));
  const rules = await Promise.all(
    [{ name: '', path: '/api/v1' }, ...served].map(async ({ name, path: at }): Promise<Rule> => {
      const { resources } = await api.get<ResourceList>(at);
      const allowed = resources.filter((each) => !isRefused(each.name, each.namespaced));
      return {
        apiGroups: [name],
        resources: ['none', ...allowed.map((each) => each.name)],
        verbs: ['get', 'list', 'watch'],
      };
    }),
  );
  return [...rules, ...toCome];
}

/** The role and its binding to the user: in one namespace, or everywhere. */
export function grant(user: string, rules: readonly Rule[], namespace?: string): KubeObject[] {
  const rbac = 'rbac.authorization.k8s.io';
  const prefix = namespace === undefined ? 'Cluster' : '';
  const metadata = { name: user, ...(namespace === undefined ? {} : { namespace }) };
  const apiVersion = `${rbac}/v1`;
  return [
    { apiVersion, kind: `${prefix}Role`, metadata, rules },
    {
      apiVersion,
      kind: `${prefix}RoleBinding`,
      metadata,
      roleRef: { apiGroup: rbac, kind: `${prefix}Role`, name: user },
      subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
    },
  ];
}

/** The user's kubeconfig with a namespace in its context; returns its path. */
export function kubeconfigWithin(
  controlPlane: ControlPlane,
  user: string,
  namespace: string,
): string {
  interface Kubeconfig {
    readonly contexts: readonly { readonly name: string; readonly context: object }[];
  }
  const config = JSON.parse(readFileSync(controlPlane.kubeconfigFor(user), 'utf8')) as Kubeconfig;
  const contexts = config.contexts.map(({ name, context }) => ({
    name,
    context: { ...context, namespace },
  }));
  const file = path.join(controlPlane.dir, `${user}-in-${namespace}.kubeconfig`);
  writeFileSync(file, JSON.stringify({ ...config, contexts }), { mode: 0o600 });
  return file;
}
