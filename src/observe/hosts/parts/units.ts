import { constants } from 'node:os';
import type { Millis } from '../../../lib/clock.ts';
import { byText } from '../../../lib/order.ts';
import { k3sUnitNames } from '../../../model/kubernetes/k3s-unit.ts';
import type { Unit } from '../../../model/objects/host/system.ts';
import { type Answers, outputOr, run, wholeNumber } from '../answers.ts';
import { listOf, parseIni } from '../parse/ini.ts';
import { type JournalEntry, parseJournal } from '../parse/journal.ts';
import { commandOf, type Properties, parseSpan } from '../parse/systemctl.ts';
import type { Part } from '../part.ts';
import { type Times, timeRequests, timesOf } from '../times.ts';
import { loadedUnits, shownUnits, showRequest, unitFilesRequest } from '../unit-answers.ts';

/** Lines kept of each unit, the newest. */
const mostLines = 20;

const journalctl = ['journalctl', '--no-pager', '--quiet', '--output=json'];
const k3sJournal = journalOf(k3sUnitNames, 2 * mostLines);

/** systemd's own "Scheduled restart job", which k3s would long have pushed out of the lines above. */
const restartsJournal = run(
  [
    ...journalctl,
    '--output-fields=MESSAGE,UNIT',
    '--lines=6',
    '_PID=1',
    'MESSAGE_ID=5eb03494b6584870a536b337290809b2',
    ...k3sUnitNames.map((unit) => `UNIT=${unit}`),
  ],
  { timeoutMs: 3000, maxBytes: 64 * 1024 },
);

function journalOf(units: readonly string[], lines: number): ReturnType<typeof run> {
  return run(
    [
      ...journalctl,
      '--output-fields=MESSAGE,UNIT,_SYSTEMD_UNIT',
      `--lines=${lines}`,
      ...units.map((unit) => `--unit=${unit}`),
    ],
    { timeoutMs: 3000, maxBytes: 256 * 1024 },
  );
}

export const units: Part<'units'> = {
  part: 'units',
  requests: () => [...timeRequests, showRequest, unitFilesRequest, k3sJournal, restartsJournal],
  more: (answers) => troubled(answers),
  read: (answers, context) => {
    const shown = shownUnits(answers);
    if (!shown) return { state: 'absent' };
    const times = timesOf(answers, context);
    const entries = entriesOf(answers, [k3sJournal, ...troubled(answers)]);
    const restarts = entriesOf(answers, [restartsJournal]);
    const value = loadedUnits(shown)
      .map(([name, unit]) => ({
        ...unitOf(name, unit, times),
        execStartPreInDropIns: inDropIns(name, answers),
        ...restartsOf(name, restarts, times),
        log: logOf(name, entries, times),
      }))
      .toSorted((a, b) => byText(a.name, b.name));
    return { state: 'known', value };
  },
};

/** The journal of what else failed or does not come up: one question, since there are seldom any. */
function troubled(answers: Answers): ReturnType<typeof run>[] {
  const names = loadedUnits(shownUnits(answers)).flatMap(([name, unit]) => {
    const state = unit.get('ActiveState')?.[0];
    const asks = state === 'failed' || state === 'activating' || name.startsWith('evenkeel-');
    return asks && !k3sUnitNames.includes(name) ? [name] : [];
  });
  return names.length > 0 ? [journalOf(names.toSorted(byText), names.length * mostLines)] : [];
}

/** Of a journal that did not answer there are no lines: the unit's state is told all the same. */
function entriesOf(answers: Answers, requests: readonly ReturnType<typeof run>[]): JournalEntry[] {
  return requests.flatMap((request) => {
    try {
      return parseJournal(outputOr(answers.ran(request)) ?? '');
    } catch {
      return [];
    }
  });
}

function logOf(name: string, entries: readonly JournalEntry[], { fromHost }: Times): Unit['log'] {
  return entries
    .filter(({ unit }) => unit === name)
    .slice(-mostLines)
    .map(({ at, text }) => ({ ...(at === undefined ? {} : { at: fromHost(at) }), text }));
}

/** None are told where the journal tells none: it may not be there, or not be ours to read. */
function restartsOf(
  name: string,
  entries: readonly JournalEntry[],
  { fromHost }: Times,
): Pick<Unit, 'restartedAt'> {
  const restartedAt = entries.flatMap(({ at, unit }) =>
    unit === name && at !== undefined ? [fromHost(at)] : [],
  );
  return restartedAt.length > 0 ? { restartedAt } : {};
}

function unitOf(
  name: string,
  unit: Properties,
  times: Times,
): Omit<Unit, 'execStartPreInDropIns' | 'log' | 'restartedAt'> {
  const word = (property: string): string | undefined => unit.get(property)?.[0] || undefined;
  const moment = (property: string): Millis | undefined => {
    const micros = wholeNumber(word(`${property}TimestampMonotonic`));
    return micros ? times.fromBoot(micros) : undefined;
  };
  const starts = [moment('InactiveExit'), moment('ExecMainStart')].filter((at) => at !== undefined);
  const mainPid = wholeNumber(word('MainPID'));
  const commands = (property: string): string[] =>
    (unit.get(property) ?? []).flatMap((each) => commandOf(each) ?? []);
  return {
    name,
    loadState: word('LoadState') ?? '',
    activeState: word('ActiveState') ?? '',
    subState: word('SubState') ?? '',
    result: word('Result') ?? '',
    ...exitOf(word('ExecMainCode'), wholeNumber(word('ExecMainStatus'))),
    restarts: wholeNumber(word('NRestarts')) ?? 0,
    restartDelayMs: parseSpan(word('RestartUSec')),
    type: word('Type'),
    unitFileState: word('UnitFileState'),
    ...(mainPid ? { mainPid } : {}),
    stateChangedAt: moment('StateChange'),
    activeSinceAt: word('ActiveState') === 'active' ? moment('ActiveEnter') : undefined,
    startedAt: starts.length > 0 ? Math.max(...starts) : undefined,
    exitedAt: moment('ExecMainExit'),
    fragmentPath: word('FragmentPath'),
    dropIns: word('DropInPaths')?.split(' ') ?? [],
    execStart: commands('ExecStart').at(-1),
    execStartPre: commands('ExecStartPre'),
    needsReload: word('NeedDaemonReload') === 'yes',
  };
}

/** `code` is 1 for an exit, 2 for a signal, 3 for one that left a core: then `status` is its number. */
function exitOf(
  code: string | undefined,
  status: number | undefined,
): Pick<Unit, 'exitStatus' | 'exitSignal'> {
  if (code === '1') return { exitStatus: status };
  if (code !== '2' && code !== '3') return {};
  const name = Object.entries(constants.signals).find(([, number]) => number === status)?.[0];
  return { exitSignal: name?.replace(/^SIG/, '') ?? String(status ?? '') };
}

function inDropIns(name: string, answers: Answers): string[] {
  const base = `/etc/systemd/system/${name}.d/`;
  const own = answers
    .contents(unitFilesRequest)
    .files.filter(({ path }) => path.startsWith(base))
    .toSorted((a, b) => byText(a.path, b.path))
    .flatMap(({ text }) => parseIni(text));
  return listOf(own, 'Service', 'ExecStartPre');
}
