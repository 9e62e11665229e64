import { checks } from '../../checks/registry.gen.ts';
import { jsonText } from '../../lib/json-text.ts';
import { safeText, wrap } from '../../lib/terminal-text.ts';
import type { Right } from '../../model/right.ts';
import { reviewRights, reviewSelf, type Sight } from '../../observe/rights.ts';
import { gitVersionOf } from '../../observe/version.ts';
import { rbacManifest } from '../../report/rbac.ts';
import { openCluster, signalOf, timeoutOf } from '../observe.ts';
import { screenOf } from '../screen.ts';
import { loadConfig } from '../selection.ts';
import { exitCodes, type OptionValues, type Terminal } from '../spec.ts';

export async function run(
  _args: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<number> {
  const timeoutMs = timeoutOf(options);
  const { reader, connection } = await openCluster(options, terminal);
  try {
    const signal = signalOf(timeoutMs, terminal);
    const answer = await reader.get('/version', { signal });
    const version = gitVersionOf(answer) ?? 'version unknown';
    const user = await reviewSelf(reader, signal);
    const given = options['namespace'] as readonly string[] | undefined;
    const namespaces = given ?? [connection.namespace ?? 'default'];
    const sights = await reviewRights(reader, namespaces, signal);
    const missing = sights.filter((sight) => !sight.allowed).map((sight) => sight.right);
    const notAfter = connection.clientCertificate?.notAfter;
    const machines = await machinesHere(options, terminal);
    const now = terminal.clock.now();
    const findings = { version, user, sights, missing, notAfter, machines, now };
    terminal.stdout.write(
      formats[String(options['output'])]?.(findings, connection, screenOf(terminal).width) ?? '',
    );
    return missing.length > 0 ? exitCodes.findings : exitCodes.ok;
  } finally {
    reader.close();
  }
}

interface Diagnosis {
  readonly version: string;
  readonly user: string;
  readonly sights: readonly Sight[];
  readonly missing: readonly Right[];
  readonly notAfter: number | undefined;
  /** How many machines the evenkeel.yaml here names. */
  readonly machines: number;
  readonly now: number;
}

/** Whatever is wrong with the file is told by the commands that need it. */
async function machinesHere(options: OptionValues, terminal: Terminal): Promise<number> {
  try {
    return Object.keys((await loadConfig(options, terminal)).hosts ?? {}).length;
  } catch {
    return 0;
  }
}

interface Way {
  readonly server: string;
  readonly context: string;
  readonly source: string;
  readonly insecure: boolean;
}

type Format = (found: Diagnosis, way: Way, width: number) => string;

const formats: { readonly [name: string]: Format } = {
  text: asText,
  json: ({ now: _, ...found }, { server, context, source, insecure }) =>
    jsonText({ server, context, source, insecure, ...found, manifest: manifestOf(found) }),
  yaml: (found) => manifestOf(found),
};

function manifestOf({ missing, user }: Pick<Diagnosis, 'missing' | 'user'>): string {
  return missing.length > 0 ? rbacManifest(missing, user) : '';
}

/** Where the values begin, and go on when they are long. */
const column = 12;

function asText(found: Diagnosis, way: Way, width: number): string {
  const blind = found.sights.filter((sight) => !sight.allowed);
  const seen = found.sights.filter((sight) => sight.allowed).map((sight) => sight.facet);
  const lines = [
    `machine     Node ${process.version}`,
    `kubeconfig  ${way.source}, context ${way.context}`,
    `server      ${way.server}, ${found.version}${way.insecure ? ', its certificate is NOT verified' : ''}`,
    `account     ${found.user}`,
    ...certificateLine(found),
    ...(found.machines > 0
      ? [
          `machines    ${found.machines} in evenkeel.yaml; see which answer: evenkeel hosts discover --check`,
        ]
      : []),
    '',
    `can see     ${seen.join(', ') || 'nothing'}`,
    ...blind.map((sight) => `cannot see  ${sight.facet}: ${whatItCosts(sight)}`),
  ];
  const shown = lines.flatMap((line) => hanging(safeText(line), width)).join('\n');
  if (blind.length === 0) return `${shown}\n\nEverything that an audit asks for can be seen.\n`;
  return [
    shown,
    '',
    'The missing rules, to be applied by somebody who may grant them:',
    '  evenkeel doctor --output yaml | kubectl apply -f -',
    '',
    manifestOf(found),
  ].join('\n');
}

function hanging(line: string, width: number): string[] {
  const [first = '', ...rest] = wrap(line.slice(column), width - column);
  const indent = ' '.repeat(column);
  return [`${line.slice(0, column)}${first}`.trimEnd(), ...rest.map((each) => `${indent}${each}`)];
}

function certificateLine({ notAfter, now }: Diagnosis): string[] {
  if (notAfter === undefined) return [];
  const until = new Date(notAfter).toISOString().slice(0, 10);
  return [`certificate ${notAfter < now ? `EXPIRED on ${until}` : `valid until ${until}`}`];
}

function whatItCosts({ facet, right, allowedIn }: Sight): string {
  const blinded = checks.filter((check) => check.reads.includes(facet)).map((check) => check.id);
  const poorer = checks.filter((check) => check.wants.includes(facet)).map((check) => check.id);
  const where = allowedIn.length > 0 ? `, only in ${allowedIn.join(', ')}` : '';
  const cost = [
    blinded.length > 0 ? `unknown: ${blinded.join(', ')}` : '',
    poorer.length > 0 ? `judged with less: ${poorer.join(', ')}` : '',
  ].filter(Boolean);
  const group = right.group === '' ? 'core' : right.group;
  return `may not ${right.verb} ${right.resource} (${group})${where}; ${cost.join('; ')}`;
}
