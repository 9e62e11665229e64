/** What `systemctl show` says of one unit: a property may come again and again. */
export type Properties = ReadonlyMap<string, readonly string[]>;

/** Units are parted by empty lines. A line without `=` belongs to the value before it. */
export function parseShow(text: string): Properties[] {
  const units: Properties[] = [];
  let properties = new Map<string, string[]>();
  let last: string[] | undefined;
  const end = (): void => {
    if (properties.size > 0) units.push(properties);
    properties = new Map();
    last = undefined;
  };
  for (const line of text.split('\n')) {
    if (line === '') {
      end();
      continue;
    }
    const [, key, value] = /^([A-Z]\w*)=(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      last?.push(`${last.pop() ?? ''}\n${line}`);
      continue;
    }
    last = properties.get(key) ?? [];
    last.push(value);
    properties.set(key, last);
  }
  end();
  return units;
}

/** `{ path=/bin/x ; argv[]=/bin/x y ; ignore_errors=no ; … }` → `/bin/x y` */
export function commandOf(value: string): string | undefined {
  return /argv\[\]=(.*?) ; (?:ignore_errors|flags)=/s.exec(value)?.[1];
}

const units: { readonly [suffix: string]: number } = {
  us: 1e-3,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `5s`, `1min 30s`, `100ms`; undefined for `infinity` and anything else. */
export function parseSpan(text: string | undefined): number | undefined {
  if (!text || !/^(?:\d+(?:\.\d+)?(?:us|ms|s|min|h|d|w) ?)+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, count, suffix] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|min|h|d|w)/g)) {
    sum += Number(count) * (units[suffix ?? ''] ?? 0);
  }
  return sum;
}
