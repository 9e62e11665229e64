import { type Answers, contentsOf, lineIn, outputOr, run } from '../answers.ts';
import { countKubeChains, parseFirewalldZone, parseUfwRules } from '../parse/firewall.ts';
import type { Part } from '../part.ts';
import { activeUnits, showRequest } from '../unit-answers.ts';

const backend = run(['iptables', '--version'], { maxBytes: 4096 });
const nftTables = run(['nft', 'list', 'tables'], { maxBytes: 64 * 1024 });
/** Its chains are declared before its rules, so what is cut off is not missed. */
const dump = { timeoutMs: 2500, maxBytes: 192 * 1024 };
const nftChains = run(['iptables-nft-save', '-t', 'nat'], dump);
const legacyChains = run(['iptables-legacy-save'], dump);

/** The tables of the older kind that the kernel holds: to ask for one that it does not would load it. */
const legacyTables = contentsOf(['/proc/net/ip_tables_names'], 4096);
const rules = contentsOf(
  [
    '/etc/ufw/ufw.conf',
    '/etc/ufw/user.rules',
    '/etc/ufw/user6.rules',
    '/etc/firewalld/zones/*.xml',
    '/usr/lib/firewalld/zones/trusted.xml',
  ],
  64 * 1024,
);

export const firewall: Part<'firewall'> = {
  part: 'firewall',
  requests: () => [showRequest, backend, nftTables, nftChains, legacyTables, rules],
  more: (answers) => (holdsLegacy(answers) ? [legacyChains] : []),
  read: (answers, { root }) => {
    const fronts = frontsOf(answers);
    const said = /\((nf_tables|legacy)\)/.exec(outputOr(answers.ran(backend)) ?? '')?.[1];
    const tables = root ? outputOr(answers.ran(nftTables)) : undefined;
    const nft = root ? chainsIn(outputOr(answers.ran(nftChains))) : undefined;
    const legacy = legacyOf(answers, root);
    return {
      state: 'known',
      value: {
        fronts,
        allows: fronts.flatMap((front) => allowsOf(front, answers)),
        ...(said ? { iptablesBackend: said === 'legacy' ? 'legacy' : 'nft' } : {}),
        kubeChains: {
          ...(nft === undefined ? {} : { nft }),
          ...(legacy === undefined ? {} : { legacy }),
        },
        ...(tables === undefined ? {} : { kubeProxyNftTable: /\bkube-proxy\b/.test(tables) }),
      },
    };
  },
};

function chainsIn(said: string | undefined): number | undefined {
  return said === undefined ? undefined : countKubeChains(said);
}

function holdsLegacy(answers: Answers): boolean {
  return lineIn(answers.contents(legacyTables), '/proc/net/ip_tables_names') !== undefined;
}

function legacyOf(answers: Answers, root: boolean): number | undefined {
  if (!root) return undefined;
  return holdsLegacy(answers) ? chainsIn(outputOr(answers.ran(legacyChains))) : 0;
}

/** ufw's unit ends as soon as its rules are in; its own file says whether they are wanted. */
function frontsOf(answers: Answers): string[] {
  const active = activeUnits(answers);
  const ufw = lineIn(answers.contents(rules), '/etc/ufw/ufw.conf') ?? '';
  const isUfw = active.has('ufw.service') && /^ENABLED=yes\s*$/im.test(ufw);
  return [...(isUfw ? ['ufw'] : []), ...(active.has('firewalld.service') ? ['firewalld'] : [])];
}

function allowsOf(front: string, answers: Answers): string[] {
  return answers.contents(rules).files.flatMap(({ path, text }) => {
    if (front === 'ufw') return path.includes('/ufw/user') ? parseUfwRules(text) : [];
    const zone = /\/zones\/([^/]+)\.xml$/.exec(path)?.[1];
    return zone === undefined ? [] : parseFirewalldZone(zone, text);
  });
}
