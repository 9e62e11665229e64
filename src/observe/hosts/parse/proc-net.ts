/** IPv4 as /proc/net writes it: hexadecimal, the bytes as they lie in the memory of a little-endian machine. */
export function ipv4Of(hex: string): string | undefined {
  if (!/^[0-9A-F]{8}$/i.test(hex)) return undefined;
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
}

/** IPv6 in four words of that kind, written in full without leading zeros; IPv4 in it as IPv4. */
export function ipv6Of(hex: string): string | undefined {
  if (!/^[0-9A-F]{32}$/i.test(hex)) return undefined;
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [6, 4, 2, 0].map((at) => word.slice(at, at + 2)));
  const plain = bytes.join('').toLowerCase();
  if (plain.startsWith('00000000000000000000ffff')) return ipv4Of(words[3] ?? '');
  return shortened(plain);
}

/** As RFC 5952 writes it. `hex` is 32 digits in network order. */
export function shortened(hex: string): string {
  const groups = (hex.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ''));
  const runs = [...groups.join(':').matchAll(/\b0(?::0)+\b/g)];
  const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0];
  if (!longest) return groups.join(':');
  const text = groups.join(':');
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

/** One connection of /proc/net/tcp or tcp6. */
export interface Connection {
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  /** 1: established, 2: its first packet was sent, 10: listens. */
  readonly state: number;
  /** 1: something was sent that is not yet acknowledged. */
  readonly timer: number;
  /** How often that was sent again. */
  readonly retransmits: number;
}

const connection =
  /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]{2}) [0-9A-F]+:[0-9A-F]+ ([0-9A-F]{2}):[0-9A-F]+ ([0-9A-F]{8})\b/i;

/** https://docs.kernel.org/networking/proc_net_tcp.html */
export function parseTcp(text: string): Connection[] {
  return text.split('\n').flatMap((line) => {
    const [, from = '', fromPort, to = '', toPort, state, timer, again] =
      connection.exec(line) ?? [];
    const local = from.length === 8 ? ipv4Of(from) : ipv6Of(from);
    const remote = to.length === 8 ? ipv4Of(to) : ipv6Of(to);
    if (local === undefined || remote === undefined) return [];
    const number = (hex: string | undefined): number => Number.parseInt(hex ?? '', 16);
    return [
      {
        local,
        localPort: number(fromPort),
        remote,
        remotePort: number(toPort),
        state: number(state),
        timer: number(timer),
        retransmits: number(again),
      },
    ];
  });
}

/** Counters of one protocol of /proc/net/snmp: a line of names, a line of numbers. */
export function parseSnmp(text: string, protocol: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith(`${protocol}: `));
  const [names, values] = lines.map((line) => line.trim().split(/\s+/).slice(1));
  return new Map(
    (names ?? []).flatMap((name, at) => {
      const value = Number(values?.[at]);
      return Number.isFinite(value) ? [[name, value] as const] : [];
    }),
  );
}
