import type { FileContents, FileStat } from '../../../access/host/port.ts';
import { byText } from '../../../lib/order.ts';
import { redact } from '../../../lib/redact.ts';
import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, contentsOf, statsOf } from '../answers.ts';
import { type Assignment, booleanOf, joined, lastOf, listOf, parseIni } from '../parse/ini.ts';
import type { Part } from '../part.ts';
import { activeUnits, showRequest } from '../unit-answers.ts';

type Networkd = Extract<Host['networkd'], { state: 'known' }>['value'];
type File = Networkd['files'][number];

/** Whose file of the same name wins, first the strongest. */
const bases = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'];
const kinds = ['network', 'link', 'netdev'] as const;

const ownPaths = bases.flatMap((base) => kinds.map((kind) => `${base}/systemd/network/*.${kind}`));
const files = contentsOf(
  [
    ...ownPaths,
    ...bases.flatMap((base) => kinds.map((kind) => `${base}/systemd/network/*.${kind}.d/*.conf`)),
  ],
  16 * 1024,
);
/** A link to /dev/null takes away the file of that name, and has no contents. */
const masks = statsOf(...bases.map((base) => `${base}/systemd/network/*`));
const settings = contentsOf(
  bases.flatMap((base) => [
    `${base}/systemd/networkd.conf`,
    `${base}/systemd/networkd.conf.d/*.conf`,
  ]),
  16 * 1024,
);
const rules = contentsOf(['/etc/udev/rules.d/*.rules'], 64 * 1024);

export const networkd: Part<'networkd'> = {
  part: 'networkd',
  requests: () => [showRequest, files, masks, settings, rules],
  read: (answers) => {
    const told = settingsOf(answers);
    const manages = (key: string): boolean | undefined => booleanOf(lastOf(told, 'Network', key));
    const manageForeignRoutes = manages('ManageForeignRoutes');
    const manageForeignRoutingPolicyRules = manages('ManageForeignRoutingPolicyRules');
    return {
      state: 'known',
      value: {
        active: activeUnits(answers).has('systemd-networkd.service'),
        files: inForce(answers),
        ...(manageForeignRoutes === undefined ? {} : { manageForeignRoutes }),
        ...(manageForeignRoutingPolicyRules === undefined
          ? {}
          : { manageForeignRoutingPolicyRules }),
        udevRules: rulesOf(answers),
      },
    };
  },
};

/** By name, as systemd sorts them: the first that matches a link is its file. */
function inForce(answers: Answers): File[] {
  const { files: all } = answers.contents(files);
  const masked = answers.stats(masks);
  const found = new Map<string, File>();
  for (const base of bases) {
    const folder = `${base}/systemd/network/`;
    for (const name of namesIn(folder, all, masked)) {
      if (found.has(name)) continue;
      const own = all.find(({ path }) => path === `${folder}${name}`)?.text ?? '';
      found.set(name, fileOf(`${folder}${name}`, [...parseIni(own), ...dropInsOf(name, all)]));
    }
  }
  // What is empty or leads to /dev/null is not there.
  return [...found]
    .toSorted(([a], [b]) => byText(a, b))
    .flatMap(([, file]) => (isMask(file, all) ? [] : [file]));
}

function namesIn(
  folder: string,
  all: readonly FileContents[],
  masked: readonly FileStat[],
): string[] {
  const paths = [...all, ...masked].map(({ path }) => path);
  const names = paths.flatMap((path) => {
    const name = path.startsWith(folder) ? path.slice(folder.length) : '';
    return /^[^/]+\.(network|link|netdev)$/.test(name) ? [name] : [];
  });
  return [...new Set(names)];
}

function isMask({ path }: File, all: readonly FileContents[]): boolean {
  const own = all.find((each) => each.path === path);
  return own === undefined || own.text.trim() === '';
}

function dropInsOf(name: string, all: readonly FileContents[]): Assignment[] {
  const byName = new Map<string, string>();
  for (const base of bases.toReversed()) {
    const folder = `${base}/systemd/network/${name}.d/`;
    for (const { path, text } of all) {
      if (path.startsWith(folder)) byName.set(path.slice(folder.length), text);
    }
  }
  return [...byName].toSorted(([a], [b]) => byText(a, b)).flatMap(([, text]) => parseIni(text));
}

function fileOf(path: string, assignments: readonly Assignment[]): File {
  const kind = kinds.find((each) => path.endsWith(`.${each}`)) ?? 'network';
  const match = assignments.filter(({ section }) => section === 'Match');
  const nameKeys = ['Name', 'OriginalName'];
  const setsName =
    kind === 'link'
      ? lastOf(assignments, 'Link', 'Name')
      : kind === 'netdev'
        ? lastOf(assignments, 'NetDev', 'Name')
        : undefined;
  return {
    path,
    kind,
    matchNames: nameKeys.flatMap((key) =>
      listOf(match, 'Match', key).flatMap((value) => value.split(/\s+/)),
    ),
    matchOther: match
      .filter(({ key, value }) => !nameKeys.includes(key) && value !== '')
      .map(({ key, value }) => `${key}=${value}`),
    unmanaged: booleanOf(lastOf(assignments, 'Link', 'Unmanaged')) ?? false,
    ...(setsName ? { setsName } : {}),
  };
}

/** The main file of the strongest folder, then drop-ins of all folders by name. */
function settingsOf(answers: Answers): Assignment[] {
  const { files: all } = answers.contents(settings);
  const main = bases.flatMap((base) =>
    all.filter(({ path }) => path === `${base}/systemd/networkd.conf`),
  )[0];
  const byName = new Map<string, string>();
  for (const base of bases.toReversed()) {
    const folder = `${base}/systemd/networkd.conf.d/`;
    for (const { path, text } of all) {
      if (path.startsWith(folder)) byName.set(path.slice(folder.length), text);
    }
  }
  const after = [...byName].toSorted(([a], [b]) => byText(a, b)).map(([, text]) => text);
  return [main?.text ?? '', ...after].flatMap(parseIni);
}

/** Those of the administrator that name network devices or decide on the power of devices. */
function rulesOf(answers: Answers): Networkd['udevRules'] {
  return answers
    .contents(rules)
    .files.toSorted((a, b) => byText(a.path, b.path))
    .flatMap(({ path, text }) =>
      joined(text)
        .filter((line) => isAboutDevices(line))
        .map((line) => ({ path, line: redact(withoutValues(line)).slice(0, 500) })),
    );
}

/** Rules hand values to programs by ENV, and it is nobody's business which. */
function withoutValues(line: string): string {
  return line.replace(/(\bENV\{[^}]*\}\s*[:+]?=)\s*"[^"]*"/g, '$1"…"');
}

function isAboutDevices(line: string): boolean {
  const names = /SUBSYSTEMS?=="net"/.test(line) && /\bNAME:?=/.test(line);
  return names || /ATTRS?\{power\/[a-z_]+\}\s*=[^=]/.test(line) || /autosuspend/.test(line);
}
