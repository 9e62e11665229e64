/** Where ssh goes, as its short form says it. */
export interface SshPlace {
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
}

/** Neither may begin with a dash, or `ssh` would take it for an option. */
export const addressPattern = /^(?!-)[\w.:%-]+$/;
export const userPattern = /^(?!-)[\w.@-]+$/;

/** `user@address:port`, `address`, `user@[address]:port`; undefined for anything else. */
export function sshPlace(text: string): SshPlace | undefined {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? undefined : text.slice(0, at);
  if (user !== undefined && !userPattern.test(user)) return undefined;
  const rest = text.slice(at + 1);
  const bracketed = isBareIpv6(rest) ? `[${rest}]` : rest;
  const parts = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(bracketed);
  const address = parts?.[1] ?? parts?.[2];
  const digits = parts?.[3];
  if (address === undefined || !addressPattern.test(address)) return undefined;
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && !(port >= 1 && port <= 65_535)) return undefined;
  return {
    address,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
  };
}

/** More than one colon and no brackets: then there is no port. */
function isBareIpv6(text: string): boolean {
  return !text.startsWith('[') && text.split(':').length > 2;
}
