import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, contentsOf, outputOr, run, Unseen } from '../answers.ts';
import { ipRouteSchema, parseIpJson } from '../parse/ip-json.ts';
import { ipv4Of } from '../parse/proc-net.ts';
import type { Part } from '../part.ts';

type Route = Extract<Host['routes'], { state: 'known' }>['value'][number];

const options = { timeoutMs: 2000, maxBytes: 1024 * 1024 };
const inet = run(['ip', '-j', 'route', 'show'], options);
const inet6 = run(['ip', '-j', '-6', 'route', 'show'], options);
const instead = contentsOf(['/proc/net/route'], 256 * 1024);

/** Of a node whose network plugin makes a route for each pod. */
const mostRoutes = 500;

export const routes: Part<'routes'> = {
  part: 'routes',
  requests: () => [inet, inet6],
  more: (answers) => (isSaid(answers, inet) ? [] : [instead]),
  read: (answers) => {
    const first = isSaid(answers, inet) ? fromIp(answers, inet, 'inet') : fromProc(answers);
    const second = isSaid(answers, inet6) ? fromIp(answers, inet6, 'inet6') : [];
    return { state: 'known', value: [...first, ...second].slice(0, mostRoutes) };
  },
};

function isSaid(answers: Answers, request: typeof inet): boolean {
  const answer = answers.ran(request);
  const said = outputOr(answer)?.trim();
  // Without any route, some versions print nothing at all.
  return said !== undefined && (said === '' || said.startsWith('['));
}

function fromIp(answers: Answers, request: typeof inet, family: Route['family']): Route[] {
  const list = parseIpJson(outputOr(answers.ran(request)) ?? '', ipRouteSchema);
  return list.flatMap(({ dst, type, gateway, dev, prefsrc, metric, protocol, flags, nexthops }) => {
    // What it says of a link that is down leads nowhere.
    if (flags.includes('dead') || (type !== undefined && type !== 'unicast')) return [];
    const hops = nexthops ?? [{ gateway, dev }];
    return hops.map((hop) => ({
      destination: dst,
      gateway: hop.gateway,
      interface: hop.dev,
      source: prefsrc,
      metric,
      protocol,
      family,
    }));
  });
}

function fromProc(answers: Answers): Route[] {
  const [file] = answers.contents(instead).files;
  if (!file) throw new Unseen('no-answer', 'neither ip nor /proc told of routes');
  return parseProcRoutes(file.text);
}

/** Name, destination, gateway, flags (1: usable, 2: by a gateway), …, metric, mask. */
export function parseProcRoutes(text: string): Route[] {
  return text.split('\n').flatMap((line): Route[] => {
    const [name = '', net = '', by = '', flags = '', , , metric, mask = ''] = line.split('\t');
    const [to, gateway, range] = [ipv4Of(net), ipv4Of(by), ipv4Of(mask)];
    const bits = Number.parseInt(flags, 16);
    if (to === undefined || gateway === undefined || range === undefined || !(bits & 1)) return [];
    const prefix = (mask.match(/./g) ?? [])
      .map((digit) => Number.parseInt(digit, 16).toString(2).replaceAll('0', '').length)
      .reduce((sum, count) => sum + count, 0);
    return [
      {
        destination: prefix === 0 ? 'default' : `${to}/${prefix}`,
        ...(bits & 2 ? { gateway } : {}),
        interface: name,
        ...(Number(metric) > 0 ? { metric: Number(metric) } : {}),
        family: 'inet',
      },
    ];
  });
}
