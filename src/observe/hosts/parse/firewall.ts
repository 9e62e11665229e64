/** `### tuple ### allow any 6443 0.0.0.0/0 any 192.0.2.0/24 in` → `allow 6443 from 192.0.2.0/24` */
export function parseUfwRules(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, rule] = /^### tuple ### (.+?)(?: comment=\S*)?$/.exec(line.trim()) ?? [];
    const words = rule?.split(' ') ?? [];
    const [action = '', protocol = '', port = '', to = '', , from = '', ...more] = words;
    if (!action.startsWith('allow') && !action.startsWith('route:allow')) return [];
    const onPort = port === 'any' ? '' : ` ${port}${protocol === 'any' ? '' : `/${protocol}`}`;
    const towards = isAnywhere(to) ? '' : ` to ${to}`;
    const source = isAnywhere(from) ? '' : ` from ${from}`;
    const on = more.find((word) => /^(in|out)_/.test(word));
    return [`${action}${onPort}${source}${towards}${on ? ` ${on.replace('_', ' on ')}` : ''}`];
  });
}

function isAnywhere(prefix: string): boolean {
  return prefix === '0.0.0.0/0' || prefix === '::/0' || prefix === 'any' || prefix === '';
}

/** Sources, ports, services and interfaces of one zone of firewalld, each after the zone's name. */
export function parseFirewalldZone(zone: string, text: string): string[] {
  const xml = text.replace(/<!--[\s\S]*?-->/g, '');
  return [...xml.matchAll(/<(source|port|service|interface)\s+([^>]*?)\/?>/g)].flatMap(
    ([, kind, attributes = '']) => {
      const value = (name: string): string | undefined =>
        new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
      if (kind === 'port') {
        const port = value('port');
        return port === undefined ? [] : [`${zone}: ${port}/${value('protocol') ?? 'tcp'}`];
      }
      const what = value(kind === 'source' ? 'address' : 'name');
      return what === undefined ? [] : [`${zone}: ${kind} ${what}`];
    },
  );
}

/** How many chains of Kubernetes a dump of `iptables-save` declares. */
export function countKubeChains(text: string): number {
  return text.split('\n').filter((line) => line.startsWith(':KUBE-')).length;
}
