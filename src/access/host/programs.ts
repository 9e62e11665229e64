/**
 * The closed list of programs that a look may run: each only reads, with the arguments allowed here.
 * An argument that no pattern knows is refused, so an option that writes is refused unnamed.
 * To add one: its name, and a predicate on what follows the name. programs.test.ts wants an example
 * that is allowed, and for whatever could change something one that is not.
 */
import { inotifyHolders } from './port.ts';

type Arguments = readonly string[];
type Predicate = (rest: Arguments) => boolean;

const name = /^[\w@.:*+][\w@.:*+\\-]*$/;
const path = /^\/[^\n\0]*$/;
const count = /^\d{1,9}$/;
const word = /^[\w.:/@-]*\w[\w.:/@-]*$/;

/** Every argument is one of these, whole. */
function each(...patterns: readonly RegExp[]): Predicate {
  const whole = patterns.map((one) => new RegExp(`^(?:${one.source})$`, one.flags));
  return (rest) => rest.every((argument) => whole.some((one) => one.test(argument)));
}

/** Options, then one of these words, then what the word may have. Options may follow it too. */
function verb(options: readonly RegExp[], verbs: readonly string[], operands: RegExp): Predicate {
  const isOption = each(...options);
  return (rest) => {
    const words = rest.filter((argument) => !isOption([argument]));
    const [first = '', ...others] = words;
    return verbs.includes(first) && others.every((other) => operands.test(other));
  };
}

/**
 * `-o value` written as two arguments becomes `-o=value`, so that each argument stands alone.
 * A value that looks like an option is not taken for a value: the program may disagree.
 */
function joined(options: readonly string[], then: Predicate): Predicate {
  return (rest) => {
    const together: string[] = [];
    for (let at = 0; at < rest.length; at++) {
      const argument = rest[at] ?? '';
      const next = rest[at + 1];
      const takesNext = options.includes(argument) && next !== undefined && !next.startsWith('-');
      together.push(takesNext ? `${argument}=${next}` : argument);
      if (takesNext) at++;
    }
    return then(together);
  };
}

const noPager = /--no-pager/;

const systemctl = verb(
  [noPager, /--(property|type|state|output)=[\w,.:-]+/, /--(value|all|no-legend|plain|full)/],
  ['show', 'cat', 'list-units', 'list-timers', 'is-active', 'is-enabled', 'is-failed'],
  name,
);

const journalctl = joined(
  ['-u', '-n', '-o', '-p', '-t'],
  each(
    noPager,
    /--(quiet|dmesg|utc|reverse|all|list-boots|disk-usage|no-hostname)/,
    /-[kqrabx]/,
    /-[unopt]=[\w@.:*+-]+/,
    /--(unit|lines|output|priority|boot|identifier|output-fields|facility)=[\w@.:,*+-]+/,
    /--(since|until)=[\w@.:+ -]+/,
    /--grep=.+/,
    /_[A-Z_]+=[^\n]+/,
    /(UNIT|MESSAGE_ID)=[\w@.:-]+/,
  ),
);

function ip(rest: Arguments): boolean {
  const at = rest.findIndex((argument) => !argument.startsWith('-'));
  const options = rest.slice(0, at);
  const [object = '', action = '', ...words] = rest.slice(at);
  if (at < 1 || !(options.includes('-j') || options.includes('-json'))) return false;
  if (!each(/-(j|json|d|details|s|statistics|4|6|br|o)/)(options)) return false;
  const mayShow = ['link', 'addr', 'address', 'route', 'rule', 'neigh', 'maddress', 'nexthop'];
  const isGet = object === 'route' && action === 'get';
  return (isGet || (mayShow.includes(object) && action === 'show')) && each(word)(words);
}

const nft: Predicate = (rest) => {
  const at = rest.indexOf('list');
  if (at < 0 || !each(/-[jasny]+/)(rest.slice(0, at))) return false;
  return each(/[A-Za-z0-9_][\w.-]*/)(rest.slice(at + 1));
};

const savedRules = joined(['-t'], each(/-c/, /-t=(filter|nat|mangle|raw|security)/));

/** `if=` and nothing else than reading records of the kernel's log to standard output. */
const dd: Predicate = (rest) =>
  rest.includes('if=/dev/kmsg') &&
  rest.includes('iflag=nonblock') &&
  each(/if=\/dev\/kmsg/, /iflag=nonblock/, /bs=\d{1,6}/, /count=\d{1,7}/, /status=none/)(rest);

/** `-q` first, so that no .curlrc adds to it. What a URL could hold of a secret is refused. */
const curl: Predicate = (rest) => {
  const url = rest.at(-1) ?? '';
  if (rest[0] !== '-q' || !URL.canParse(url)) return false;
  const { protocol, username, password, hash } = new URL(url);
  if (!['http:', 'https:'].includes(protocol) || username || password || hash) return false;
  const options = joined(
    ['--max-time', '--connect-timeout', '--max-filesize', '--noproxy', '--proto'],
    each(
      /-q|-sS?|-S|-f|-g|-k|--silent|--show-error|--fail|--globoff|--insecure|--ipv4|--ipv6/,
      /--(max-time|connect-timeout|max-filesize)=\d+/,
      /--noproxy=\*/,
      /--proto==https?(,https?)?/,
    ),
  );
  return /^https?:\/\/[\w.:[\]-]+(\/[\w.,;:/?=&%+-]*)?$/.test(url) && options(rest.slice(0, -1));
};

/** Asks HAProxy's admin socket one question that changes nothing; no input is needed. */
const socat: Predicate = (rest) =>
  rest.length === 2 &&
  /^EXEC:echo show (stat|info|servers state|backend|errors)!!STDOUT$/.test(rest[0] ?? '') &&
  /^UNIX-CONNECT:\/[\w./-]+$/.test(rest[1] ?? '');

const openssl: Predicate = (rest) =>
  rest[0] === 'x509' &&
  rest.includes('-noout') &&
  joined(
    ['-in', '-ext', '-nameopt', '-checkend', '-inform', '-dateopt'],
    each(
      /-(noout|enddate|startdate|dates|subject|issuer|serial|fingerprint|sha256|text|hash)/,
      /-in=\/[^\n]*/,
      /-(ext|nameopt|inform|dateopt)=[\w,]+/,
      /-checkend=\d+/,
    ),
  )(rest.slice(1));

const pct: Predicate = ([action, id, ...more]) => {
  if (action === 'list') return id === undefined;
  if (action !== 'status' && action !== 'config') return false;
  return count.test(id ?? '') && each(/--verbose|--current/)(more);
};

const lxcInfo = joined(
  ['-P', '--lxcpath', '-n', '--name', '-c'],
  each(/(-P|--lxcpath)=\/[^\n]*/, /(-n|--name)=[\w.-]+/, /-c=lxc\.[\w.]+/, /-[sipSH]/),
);

/** Program → what may follow it. */
const programs: { readonly [program: string]: Predicate } = {
  chronyc: verb([/-[cn]/], ['tracking', 'sources', 'sourcestats', 'activity'], /^$/),
  conntrack: each(/-[CS]/),
  curl,
  date: each(/\+[^\n]*/, /-u/, /--utc/, /--rfc-3339=(date|seconds|ns)/),
  dd,
  df: joined(['-x', '-t', '-B'], each(/-[PkiTlah]+/, /-[xtB]=\w+/, /--output=[\w,]+/, path)),
  dmesg: each(
    /--(json|raw|decode|kernel|notime|nopager|ctime|reltime|force-prefix)/,
    /-[JrxkTtP]+/,
    /--(time-format|level|facility)=[\w,+]+/,
  ),
  du: joined(['-d'], each(/-[xaks]/, /-d=\d/, path)),
  ethtool: (rest) => each(/-[iSka]/, /--json/, /--show-eee/, /[\w.][\w.@:-]*/)(rest),
  // This one question; `find` could do much else.
  find: (rest) => rest.join('\0') === inotifyHolders.slice(1).join('\0'),
  findmnt: joined(
    ['-o', '-t', '-M', '-T', '-O'],
    each(/-[JlnbrDRAe]+/, /-[otO]=[\w,%.-]+/, /-[MT]=\/[^\n]*/, /--(json|list|real|bytes)/, path),
  ),
  getent: verb([], ['hosts', 'ahosts', 'passwd', 'group'], /^[\w.:][\w.:-]*$/),
  ip,
  'ip6tables-save': savedRules,
  iptables: (rest) => rest.length === 1 && rest[0] === '--version',
  'iptables-legacy-save': savedRules,
  'iptables-nft-save': savedRules,
  'iptables-save': savedRules,
  journalctl,
  k3s: (rest) => rest.length === 1 && rest[0] === '--version',
  lsblk: joined(['-o'], each(/-[JbOpnl]+/, /-o=[\w,%-]+/, /--(json|bytes|paths)/, path)),
  'lxc-info': lxcInfo,
  'lxc-ls': joined(['-P', '-F'], each(/-[1f]/, /-P=\/[^\n]*/, /-F=[\w,]+/, /--(fancy|running)/)),
  networkctl: verb(
    [noPager, /--no-legend/, /--json=\w+/, /--(all|stats|full)/],
    ['list', 'status', 'lldp'],
    name,
  ),
  nft,
  openssl,
  pct,
  // Neither -K, which closes sockets, nor -D and -F, which are files.
  ss: each(/-[tuwxlnpaeimoOHsSzb046]+/, /[\w().:*[\]/!<>=]+/),
  socat,
  stat: joined(['-c'], each(/-[fLt]+/, /-c=[^\n]*/, /--(format|printf)=[^\n]*/, path)),
  systemctl,
  timedatectl: verb(
    [noPager, /--property=\w+/, /--(value|all)/],
    ['show', 'status', 'show-timesync', 'timesync-status'],
    /^$/,
  ),
  udevadm: joined(
    ['-q', '-p', '-n'],
    (rest) =>
      rest[0] === 'info' &&
      each(
        /-q=\w+/,
        /-[pn]=\/[^\n]*/,
        /--(query|path|name)=[^\n]+/,
        /-[aex]/,
        /--export(-db)?/,
      )(rest.slice(1)),
  ),
  uname: each(/-[asnrvmpio]+/),
};

export function isAllowed([program = '', ...rest]: readonly string[]): boolean {
  if (!Object.hasOwn(programs, program)) return false;
  const hasOddBytes = rest.some((argument) => /[\n\0]/.test(argument));
  return !hasOddBytes && (programs[program]?.(rest) ?? false);
}

/** Throws for a request that is not on the list: that is a bug of a collector, never a condition. */
export function refuseUnlisted(argv: readonly string[]): void {
  if (isAllowed(argv)) return;
  throw new Error(`no look may run ${JSON.stringify(argv)}: see src/access/host/programs.ts`);
}
