import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, contentsOf, outputOr, run, Unseen } from '../answers.ts';
import { ipAddressSchema, parseIpJson } from '../parse/ip-json.ts';
import { shortened } from '../parse/proc-net.ts';
import type { Part } from '../part.ts';

export type Address = Extract<Host['addresses'], { state: 'known' }>['value'][number];

export const addressRequest = run(['ip', '-j', 'addr', 'show'], {
  timeoutMs: 2000,
  maxBytes: 1024 * 1024,
});
const instead = contentsOf(
  ['/proc/net/fib_trie', '/proc/net/route', '/proc/net/if_inet6'],
  256 * 1024,
);

export const addresses: Part<'addresses'> = {
  part: 'addresses',
  requests: () => [addressRequest],
  more: insteadOfIp,
  read: (answers) => {
    const value = addressesOf(answers);
    if (value.length === 0) throw new Unseen('no-answer', 'neither ip nor /proc told an address');
    return { state: 'known', value };
  },
};

/** What `addressesOf` needs where there is no `ip`. */
export function insteadOfIp(answers: Answers): (typeof instead)[] {
  return saidByIp(answers) === undefined ? [instead] : [];
}

export function addressesOf(answers: Answers): Address[] {
  const said = saidByIp(answers);
  return said === undefined ? fromProc(answers) : fromIp(said);
}

function saidByIp(answers: Answers): string | undefined {
  const said = outputOr(answers.ran(addressRequest));
  return said?.startsWith('[') ? said : undefined;
}

function fromIp(said: string): Address[] {
  return parseIpJson(said, ipAddressSchema).flatMap(({ ifname, addr_info: given }) =>
    given.flatMap(({ family, local, prefixlen: prefix, scope, dynamic }): Address[] => {
      if ((family !== 'inet' && family !== 'inet6') || !local || prefix === undefined) return [];
      const place = { interface: ifname, address: local, prefix };
      return [{ ...place, family, scope: scope ?? '', dynamic: dynamic ?? false }];
    }),
  );
}

/** Addresses of IPv4 are in the routing table only, without their interfaces: by the net that they lie in. */
function fromProc(answers: Answers): Address[] {
  const text = (path: string): string =>
    answers.contents(instead).files.find((each) => each.path === path)?.text ?? '';
  const nets = text('/proc/net/route')
    .split('\n')
    .flatMap((line) => {
      const [name = '', net = '', , , , , , mask = ''] = line.split('\t');
      const isNet = /^[0-9A-F]{8}$/.test(net) && /^[0-9A-F]{8}$/.test(mask) && mask !== '00000000';
      return isNet ? [{ name, net: wordOf(net), mask: wordOf(mask) }] : [];
    });
  const locals = [...text('/proc/net/fib_trie').matchAll(/-- ([\d.]+)\n\s+\/32 host LOCAL/g)];
  const unique = [...new Set(locals.map(([, address]) => address ?? ''))];
  const inet = unique.flatMap((address): Address[] => {
    if (address.startsWith('127.')) return [{ ...loopback, address }];
    const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const found = nets.find(({ net, mask }) => (bits & mask) >>> 0 === net);
    const prefix = 32 - Math.log2(2 ** 32 - (found?.mask ?? 0));
    const rest = { address, prefix, family: 'inet', scope: 'global' } as const;
    return found ? [{ interface: found.name, ...rest }] : [];
  });
  return [...inet, ...parseIfInet6(text('/proc/net/if_inet6'))];
}

const loopback = { interface: 'lo', prefix: 8, family: 'inet', scope: 'host' } as const;

/** Bytes as they lie in memory → a number in network order. */
function wordOf(hex: string): number {
  return Number.parseInt((hex.match(/../g) ?? []).toReversed().join(''), 16);
}

const scopes: { readonly [hex: string]: string } = { '00': 'global', '10': 'host', '20': 'link' };

export function parseIfInet6(text: string): Address[] {
  return text.split('\n').flatMap((line): Address[] => {
    const [, hex, prefix, scope, name] =
      /^([0-9a-f]{32}) [0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) [0-9a-f]+ +(\S+)$/.exec(line) ?? [];
    if (hex === undefined || name === undefined) return [];
    return [
      {
        interface: name,
        address: shortened(hex),
        prefix: Number.parseInt(prefix ?? '', 16),
        family: 'inet6',
        scope: scopes[scope ?? ''] ?? 'site',
      },
    ];
  });
}
