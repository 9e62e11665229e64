import { type Answers, contentsOf, run, Unseen } from './answers.ts';
import { type Properties, parseShow } from './parse/systemctl.ts';

/** Units that other parts and checks speak of. Patterns name those only that systemd has in memory. */
const asked = [
  'k3s.service',
  'k3s-agent.service',
  'k3s-node-watcher.service',
  'k3s-node-watcher.timer',
  'containerd.service',
  'haproxy.service',
  'systemd-networkd.service',
  'NetworkManager.service',
  'systemd-timesyncd.service',
  'chrony.service',
  'chronyd.service',
  'ntp.service',
  'ntpd.service',
  'ntpsec.service',
  'ufw.service',
  'firewalld.service',
  'nftables.service',
  'multipathd.service',
  'iscsid.service',
  'k3s*.service',
  'k3s*.timer',
  'evenkeel-*',
];

const properties = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'ExecMainCode',
  'ExecMainStatus',
  'NRestarts',
  'RestartUSec',
  'Type',
  'UnitFileState',
  'MainPID',
  'StateChangeTimestampMonotonic',
  'ActiveEnterTimestampMonotonic',
  'InactiveExitTimestampMonotonic',
  'ExecMainStartTimestampMonotonic',
  'ExecMainExitTimestampMonotonic',
  'FragmentPath',
  'DropInPaths',
  'NeedDaemonReload',
  'ExecStart',
  'ExecStartPre',
];

export const showRequest = run([
  'systemctl',
  'show',
  '--no-pager',
  `--property=${properties.join(',')}`,
  ...asked,
]);

/** Unit files and drop-ins of k3s: what of a unit stands where. */
export const unitFilesRequest = contentsOf(
  [
    '/etc/systemd/system/k3s.service',
    '/etc/systemd/system/k3s-agent.service',
    ...['/etc', '/run', '/usr/lib', '/usr/local/lib'].flatMap((base) => [
      `${base}/systemd/system/k3s.service.d/*.conf`,
      `${base}/systemd/system/k3s-agent.service.d/*.conf`,
      `${base}/systemd/system/service.d/*.conf`,
    ]),
  ],
  16 * 1024,
);

/** By name; undefined on a machine that systemd does not run. */
export function shownUnits(answers: Answers): ReadonlyMap<string, Properties> | undefined {
  const answer = answers.ran(showRequest);
  if (answer.kind === 'no-program') return undefined;
  if (answer.kind === 'timed-out') throw new Unseen('timed-out', 'systemctl did not end in time');
  if (/not been booted with systemd/.test(answer.stderr)) return undefined;
  const units = parseShow(answer.stdout).flatMap((unit) => {
    const [id] = unit.get('Id') ?? [];
    return id === undefined ? [] : [[id, unit] as const];
  });
  if (units.length > 0) return new Map(units);
  const said = answer.stderr.trim().split('\n').at(-1) ?? '';
  throw new Unseen('no-answer', `systemctl show named no unit${said ? `: ${said}` : ''}`);
}

/** Those that there are: systemd answers for every name. */
export function loadedUnits(
  shown: ReadonlyMap<string, Properties> = new Map(),
): (readonly [name: string, unit: Properties])[] {
  return [...shown].filter(([, unit]) => unit.get('LoadState')?.[0] !== 'not-found');
}

/** Names of those that are active now; none where systemd does not run the machine. */
export function activeUnits(answers: Answers): ReadonlySet<string> {
  const active = [...(shownUnits(answers) ?? [])].filter(([, unit]) =>
    ['active', 'reloading'].includes(unit.get('ActiveState')?.[0] ?? ''),
  );
  return new Set(active.map(([name]) => name));
}
