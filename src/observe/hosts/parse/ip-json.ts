import * as z from 'zod';

const text = z.string();
const number = z.number();

const counters = z.object({ packets: number, errors: number, dropped: number });

/** What is read of `ip -j -d -s -s link show`. */
export const ipLinkSchema = z.object({
  ifindex: number,
  ifname: text,
  flags: z.array(text).default([]),
  mtu: number.optional(),
  operstate: text.default('UNKNOWN'),
  address: text.optional(),
  master: text.optional(),
  parentbus: text.optional(),
  parentdev: text.optional(),
  linkinfo: z.object({ info_kind: text.optional() }).optional(),
  stats64: z
    .object({
      rx: counters.extend({ missed_errors: number.optional() }),
      tx: counters.extend({ carrier_changes: number.optional() }),
    })
    .optional(),
});
export type IpLink = z.infer<typeof ipLinkSchema>;

/** What is read of `ip -j addr show`. */
export const ipAddressSchema = z.object({
  ifname: text,
  addr_info: z
    .array(
      z.object({
        family: text.optional(),
        local: text.optional(),
        prefixlen: number.optional(),
        scope: text.optional(),
        dynamic: z.boolean().optional(),
      }),
    )
    .default([]),
});

/** What is read of `ip -j route show`. */
export const ipRouteSchema = z.object({
  dst: text,
  type: text.optional(),
  gateway: text.optional(),
  dev: text.optional(),
  prefsrc: text.optional(),
  metric: number.optional(),
  protocol: text.optional(),
  flags: z.array(text).default([]),
  nexthops: z.array(z.object({ gateway: text.optional(), dev: text.optional() })).optional(),
});

/** Whatever of the list fits; older versions put empty objects between. Throws where it is no list. */
export function parseIpJson<T>(json: string, schema: z.ZodType<T>): T[] {
  const list: unknown = json.trim() === '' ? [] : JSON.parse(json);
  if (!Array.isArray(list)) throw new Error('ip gave no list');
  return list.flatMap((each) => {
    const parsed = schema.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}
