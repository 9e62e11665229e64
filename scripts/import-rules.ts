/**
 * The import table. Each comment is what the offender reads.
 * Every rule must fire on test/canary: scripts/cruise.ts fails if one does not.
 */
import type { ICruiseOptions, IRegularForbiddenRuleType } from 'dependency-cruiser';

const npm = '(^|/)node_modules/';
const zod = '(^|/)node_modules/zod/';
const tests = '\\.test\\.ts$|/testing/';

type From = IRegularForbiddenRuleType['from'];
type To = IRegularForbiddenRuleType['to'];

function never(name: string, from: From, to: To, comment: string): IRegularForbiddenRuleType {
  return { name, comment, severity: 'error', from, to };
}

/** What ships in a folder may import this and nothing else. The tests beside it may. */
function only(
  name: string,
  folder: string,
  allowed: readonly string[],
  comment: string,
): IRegularForbiddenRuleType {
  const from = { path: `^src/${folder}/`, pathNot: tests };
  return never(name, from, { pathNot: [...allowed] }, comment);
}

const layers: readonly IRegularForbiddenRuleType[] = [
  never(
    'lib-is-a-leaf',
    { path: '^src/lib/', pathNot: tests },
    { path: '^src/', pathNot: '^src/lib/' },
    'lib imports nothing of ours: move what needs a model into model, or pass it as an argument.',
  ),
  only(
    'model-is-words',
    'model',
    ['^src/(model|lib)/', zod],
    'model imports zod and lib only: everything is built on it, so it may need nothing.',
  ),
  only(
    'checks-see-the-model-only',
    'checks',
    ['^src/(model|lib|checks)/', zod],
    'A check is a pure function of its view: it imports model, lib and zod. What it would fetch is a facet; what it would configure is an option.',
  ),
  never(
    'checks-ignore-each-other',
    { path: '^src/checks/([^/]+/[^/.]+)\\.ts$' },
    { path: '^src/checks/' },
    'Checks never import each other: refer by id in `explains`, and move what two of them need into lib or model.',
  ),
  only(
    'diagnose-sees-the-model-only',
    'diagnose',
    ['^src/(model|lib|diagnose)/'],
    'diagnose imports model and lib only: it is a pure function of a snapshot and of the checks that it is given.',
  ),
  never(
    'report-reads-results',
    { path: '^src/report/', pathNot: tests },
    { path: '^src/', pathNot: ['^src/(model|lib|report)/', '^src/checks/pages\\.gen\\.ts$'] },
    'report reads results: it imports model, lib and checks/pages.gen only. What it would look up belongs in the AuditResult.',
  ),
  never(
    'observe-receives-readers',
    { path: '^src/observe/', pathNot: tests },
    {
      path: '^src/',
      pathNot: ['^src/(model|lib|observe)/', '^src/access/[^/]+/(port|failure)\\.ts$'],
    },
    'observe receives its readers: it knows access/*/port.ts and failure.ts, never a client. cli makes the client and hands it in.',
  ),
  never(
    'access-knows-no-diagnosis',
    { path: '^src/access/', pathNot: tests },
    { path: '^src/', pathNot: '^src/(access|model|lib)/' },
    'access lies below everything: it imports lib and model only.',
  ),
  never(
    'cli-composes',
    { path: '^src/', pathNot: '^src/cli/' },
    { path: '^src/cli/' },
    'Nothing imports cli: it puts the parts together, so a part that needs it is two parts.',
  ),
];

const doors: readonly IRegularForbiddenRuleType[] = [
  never(
    'kubernetes-through-access-kube',
    { path: '^src/', pathNot: ['^src/access/kube/', tests] },
    { path: '(^|/)(@kubernetes|undici)(/|$)|^(node:)?(http|https|http2)$' },
    'HTTP and the Kubernetes API are spoken in access/kube only: use the KubeReader port.',
  ),
  never(
    'processes-through-access-host',
    { path: '^src/', pathNot: ['^src/access/host/', tests] },
    { path: '^(node:)?(child_process|cluster|worker_threads)$' },
    'Child processes start in access/host only: take its `Run` as an argument.',
  ),
  never(
    'src-knows-no-tests',
    { path: '^src/', pathNot: tests },
    { path: ['^(test|scripts|bench)/', tests], pathNot: npm },
    'What ships imports no tests, no scripts and no benches.',
  ),
];

const shape: readonly IRegularForbiddenRuleType[] = [
  never(
    'no-cycles',
    {},
    { circular: true },
    'A cycle: no part of it can be understood, tested or loaded alone. Move what both need below them.',
  ),
  never(
    'no-barrels',
    {},
    { path: '(^|/)index\\.[jt]s$', pathNot: npm },
    'No barrels: import the module itself, so that a reader sees what is used and a bundle stays small.',
  ),
  never(
    'imports-exist',
    {},
    { couldNotResolve: true },
    'This import leads nowhere: repair the path, or run npm ci.',
  ),
];

export const importRules: readonly IRegularForbiddenRuleType[] = [...layers, ...doors, ...shape];

/** swc, because with TypeScript 7 alone dependency-cruiser sees no modules and is content. */
export const cruiseOptions: ICruiseOptions = {
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: npm },
  exclude: { path: '^(dist|coverage|test/canary)/' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'node', 'types', 'default'],
    extensions: ['.ts', '.js', '.json', '.d.ts'],
  },
};
