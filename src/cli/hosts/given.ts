import { dirname, join, resolve } from 'node:path';
import type { HostSettings } from '../../access/host/settings.ts';
import type { Config } from '../../config/config.ts';
import { hostSettings } from '../../config/hosts.ts';
import type { Millis } from '../../lib/clock.ts';
import { nearest } from '../../lib/nearest.ts';
import { parseDuration } from '../duration.ts';
import { defaultHostTimeout } from '../options.ts';
import { readIfThere } from '../read.ts';
import { loadFile, usualFile } from '../selection.ts';
import { type OptionValues, Problem, type Terminal } from '../spec.ts';
import { proposeFor, proposeInto } from './section.ts';

/** The machines that the options and evenkeel.yaml name; nobody has been asked yet. */
export interface GivenHosts {
  /** As a person knows it. */
  readonly file: string;
  /** All of the section: the way to one may lead through another. */
  readonly all: readonly HostSettings[];
  /** The names of those to look at. */
  readonly wanted: readonly string[];
  readonly timeoutMs: Millis;
  readonly intervalMs?: Millis;
  /** Where what was well once is remembered; undefined: nowhere. */
  readonly baselineFile?: string;
}

/** Of a command that looks at machines when it is told to; undefined when it is not. */
export async function hostsIfAsked(
  options: OptionValues,
  config: Config,
  terminal: Terminal,
): Promise<GivenHosts | undefined> {
  const file = options['hosts'];
  if (typeof file !== 'string') {
    for (const name of ['hostTimeout', 'interval', 'recordBaseline']) {
      if (options[name] !== undefined) throw needsHosts(name);
    }
    return undefined;
  }
  const isOwn = options['config'] === undefined || options['config'] === file;
  const of = isOwn ? config : await loadFile(file);
  return given(file, of, [], options, terminal);
}

/** Of a command that is about machines: those that are named, or all. */
export async function hostsWanted(
  names: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<{ readonly hosts: GivenHosts; readonly config: Config }> {
  const named = options['hosts'];
  const file = typeof named === 'string' ? named : usualFile;
  const isThere =
    typeof named === 'string' || (await readIfThere(join(terminal.cwd, file), 'configuration'));
  if (!isThere) {
    throw new Problem(
      `there is no ${usualFile} here that would say which machines there are`,
      `propose one with: ${proposeInto(usualFile)}; or name it with --hosts`,
    );
  }
  const config = await loadFile(typeof named === 'string' ? named : join(terminal.cwd, file));
  const all = options['all'] === true;
  if (!all && names.length === 0) {
    const known = Object.keys(config.hosts ?? {}).join(', ');
    throw new Problem(
      'which machines? None is named',
      known === '' ? 'name one, or give --all' : `give --all, or some of: ${known}`,
    );
  }
  return { config, hosts: given(file, config, all ? [] : names, options, terminal) };
}

function given(
  file: string,
  config: Config,
  names: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): GivenHosts {
  const all = hostSettings(config.hosts);
  if (all.length === 0) throw noHosts(file, config);
  refuseUnknown(names, all, file);
  const hosts = hostsOf(file, all, options);
  const directory = dirname(resolve(terminal.cwd, file));
  return {
    ...hosts,
    wanted: names.length > 0 ? [...new Set(names)] : hosts.wanted,
    baselineFile: resolve(directory, config.baseline ?? usualBaseline),
  };
}

/** One that is there and empty must be replaced: a second one makes the file invalid. */
function noHosts(file: string, { hosts }: Config): Problem {
  if (hosts === undefined) {
    return new Problem(
      `${file} has no section hosts, so there is no machine to look at`,
      `propose one with: ${proposeInto(file)}`,
    );
  }
  return new Problem(
    `the section hosts of ${file} is empty, so there is no machine to look at`,
    `put in its place what this proposes: ${proposeFor(file)}`,
  );
}

const usualBaseline = 'evenkeel.baseline.json';

/** All of these, compared with nothing. */
export function hostsOf(
  file: string,
  all: readonly HostSettings[],
  options: OptionValues,
): GivenHosts {
  const interval = options['interval'];
  return {
    file,
    all,
    wanted: all.map(({ name }) => name),
    timeoutMs: parseDuration(
      String(options['hostTimeout'] ?? defaultHostTimeout),
      '--host-timeout',
    ),
    ...(typeof interval === 'string' ? { intervalMs: parseDuration(interval, '--interval') } : {}),
  };
}

function refuseUnknown(names: readonly string[], all: readonly HostSettings[], file: string): void {
  const known = all.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw new Problem(
      `${file} has no host ${name}${near ? `; did you mean ${near}?` : ''}`,
      `it has: ${known.join(', ')}`,
    );
  }
}

const flags: { readonly [name: string]: string } = {
  hostTimeout: '--host-timeout',
  interval: '--interval',
  recordBaseline: '--record-baseline',
};

function needsHosts(name: string): Problem {
  return new Problem(
    `${flags[name]} is about machines, and none is looked at`,
    'say which with: --hosts evenkeel.yaml',
  );
}
