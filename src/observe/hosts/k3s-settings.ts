import { byText } from '../../lib/order.ts';
import { k3sUnitNames, k3sUnitRank } from '../../model/kubernetes/k3s-unit.ts';
import { type Answers, contentsOf, statsOf, textIn, Unseen } from './answers.ts';
import { optionValues, wordsOf } from './parse/argv.ts';
import { type K3sFile, mergeK3sFiles, parseEnvironment, parseK3sFile } from './parse/k3s-config.ts';
import { commandOf, type Properties } from './parse/systemctl.ts';
import { shownUnits, showRequest } from './unit-answers.ts';

const main = '/etc/rancher/k3s/config.yaml';
const configPaths = [
  main,
  '/etc/rancher/k3s/config.yaml.d/*.yaml',
  '/etc/rancher/k3s/config.yaml.d/*.yml',
];
const configContents = contentsOf(configPaths, 64 * 1024);
export const configStats = statsOf(...configPaths);

/** They hold the token too; of them only the names in `fromEnvironment` are looked at. */
const environment = contentsOf(
  ['k3s', 'k3s-agent'].flatMap((unit) => [
    `/etc/default/${unit}`,
    `/etc/sysconfig/${unit}`,
    `/etc/systemd/system/${unit}.service.env`,
  ]),
  16 * 1024,
);

/** What every part that depends on k3s's settings has to ask for. */
export const settingsRequests = [configContents, environment, showRequest];

export const defaultDataDir = '/var/lib/rancher/k3s';

const fromEnvironment: { readonly [option: string]: string } = {
  server: 'K3S_URL',
  'node-name': 'K3S_NODE_NAME',
  'data-dir': 'K3S_DATA_DIR',
};

const short: { readonly [option: string]: string } = { server: 's', 'data-dir': 'd' };

/** How k3s is told to be: by its command line, its environment and its files. */
export interface K3sSettings {
  /** Some unit of k3s, or a file of its configuration, is there. */
  readonly installed: boolean;
  readonly role?: 'server' | 'agent';
  readonly files: readonly K3sFile[];
  readonly dataDir: string;
  /** All values of an option, last wins where only one counts. */
  readonly all: (option: string) => readonly string[];
  readonly last: (option: string) => string | undefined;
}

export function k3sSettings(answers: Answers): K3sSettings {
  const unit = k3sProperties(answers);
  const command = unit && commandOf(unit.get('ExecStart')?.at(-1) ?? '');
  const argv = wordsOf(command ?? '');
  const files = filesOf(answers);
  const written = mergeK3sFiles(files);
  const variables = variablesOf(answers, unit?.get('Id')?.[0]);
  const all = (option: string): readonly string[] => {
    const names = short[option] ? [option, short[option]] : [option];
    const told = optionValues(argv, ...names);
    const variable = variables.get(fromEnvironment[option] ?? '');
    // Lists are added up by k3s; of single values the command line is the last word.
    return [...(variable ? [variable] : []), ...(written.get(option) ?? []), ...told];
  };
  const role = argv.find((word) => word === 'server' || word === 'agent');
  const last = (option: string): string | undefined => all(option).at(-1);
  return {
    installed: unit !== undefined || files.length > 0,
    ...(role ? { role } : {}),
    files,
    dataDir: pathOf(last('data-dir') ?? '') ?? defaultDataDir,
    all,
    last,
  };
}

/** The unit that runs k3s here, by the same rule as the checks have. */
export function k3sProperties(answers: Answers): Properties | undefined {
  const units = shownUnits(answers);
  const rank = (unit: Properties): number =>
    k3sUnitRank({
      activeState: unit.get('ActiveState')?.[0] ?? '',
      unitFileState: unit.get('UnitFileState')?.[0],
    });
  return k3sUnitNames
    .flatMap((name) => units?.get(name) ?? [])
    .filter((unit) => unit.get('LoadState')?.[0] !== 'not-found')
    .toSorted((a, b) => rank(a) - rank(b))[0];
}

/**
 * Without its last slash. systemd starts k3s in `/`, so what is relative lies below that; what no look
 * may ask for is undefined, since one such path would cost the answers to all others.
 */
export function pathOf(said: string): string | undefined {
  if (said === '' || /[\n\0\\*]/.test(said)) return undefined;
  return (said.startsWith('/') ? said : `/${said}`).replace(/(.)\/+$/, '$1');
}

function filesOf(answers: Answers): K3sFile[] {
  const { files, denied } = answers.contents(configContents);
  const [refused] = denied;
  if (refused) throw new Unseen('forbidden', `${refused.path}: ${refused.problem}`);
  const first = files.filter(({ path }) => path === main);
  const after = files
    .filter(({ path }) => path !== main)
    .toSorted((a, b) => byText(a.path, b.path));
  return [...first, ...after].map(({ path, text }) => parseK3sFile(path, text));
}

function variablesOf(answers: Answers, unit: string | undefined): ReadonlyMap<string, string> {
  const contents = answers.contents(environment);
  const name = unit?.replace(/\.service$/, '') ?? 'k3s';
  const wanted = Object.values(fromEnvironment);
  const found = ['/etc/default', '/etc/sysconfig', '/etc/systemd/system'].flatMap((base) => {
    const suffix = base === '/etc/systemd/system' ? '.service.env' : '';
    const text = textIn(contents, `${base}/${name}${suffix}`);
    return text === undefined ? [] : [...parseEnvironment(text)];
  });
  return new Map(found.filter(([key]) => wanted.includes(key)));
}
