/** Name or address of an `https://…`, without the brackets of IPv6; undefined for what is no URL. */
export function hostOfUrl(url: string | null | undefined): string | undefined {
  const hostname = url ? URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') : undefined;
  return hostname === '' ? undefined : hostname;
}
