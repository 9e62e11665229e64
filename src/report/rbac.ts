import { shortHash } from '../lib/hash.ts';
import { byText, groupBy } from '../lib/order.ts';
import type { Right } from '../model/right.ts';

/**
 * The ClusterRole that gives exactly these rights, and its binding to the user, as YAML.
 * Every value is written as a JSON string, which YAML reads as it stands: a name cannot break out.
 */
export function rbacManifest(rights: readonly Right[], user: string): string {
  const rules = [...groupBy(rights, (right) => `${right.group} ${right.verb}`).values()]
    .map((same) => ({
      group: same[0]?.group ?? '',
      verb: same[0]?.verb ?? 'list',
      resources: [...new Set(same.map((right) => right.resource))].sort(byText),
    }))
    .sort((a, b) => byText(a.group, b.group) || byText(a.verb, b.verb));
  // Only what is missing is in it, so a later one must not replace it, nor another account's.
  const name = `  name: evenkeel-audit-${shortHash(JSON.stringify([user, rules]))}`;
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRole',
    'metadata:',
    name,
    'rules:',
    ...rules.flatMap(({ group, verb, resources }) => [
      `  - apiGroups: [${JSON.stringify(group)}]`,
      `    resources: [${resources.map((each) => JSON.stringify(each)).join(', ')}]`,
      `    verbs: [${JSON.stringify(verb)}]`,
    ]),
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRoleBinding',
    'metadata:',
    name,
    'roleRef:',
    '  apiGroup: rbac.authorization.k8s.io',
    '  kind: ClusterRole',
    name,
    'subjects:',
    ...subjectOf(user),
    '',
  ].join('\n');
}

function subjectOf(user: string): string[] {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  if (namespace !== undefined && name !== undefined) {
    return [
      '  - kind: ServiceAccount',
      `    name: ${JSON.stringify(name)}`,
      `    namespace: ${JSON.stringify(namespace)}`,
    ];
  }
  return [
    '  - kind: User',
    '    apiGroup: rbac.authorization.k8s.io',
    `    name: ${JSON.stringify(user)}`,
  ];
}
