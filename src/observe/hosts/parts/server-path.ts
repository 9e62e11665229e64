import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, contentsOf, outputOr, run, Unseen } from '../answers.ts';
import { type K3sSettings, k3sSettings, settingsRequests } from '../k3s-settings.ts';
import { type Connection, parseTcp } from '../parse/proc-net.ts';
import type { Part } from '../part.ts';
import { noteOf, noteRequest } from '../server-note.ts';
import { addressesOf, addressRequest, insteadOfIp } from './addresses.ts';

type ServerPath = Extract<Host['serverPath'], { state: 'known' }>['value'];

/** Enough for ten thousand connections. */
const connections = contentsOf(['/proc/net/tcp', '/proc/net/tcp6'], 2 * 1024 * 1024);

const defaultPort = 6443;

export const serverPath: Part<'serverPath'> = {
  part: 'serverPath',
  requests: () => [...settingsRequests, addressRequest],
  more: (answers) => {
    const settings = k3sSettings(answers);
    if (!settings.installed) return [];
    return [connections, noteRequest(settings), ...insteadOfIp(answers), ...lookups(settings)];
  },
  read: (answers) => {
    const settings = k3sSettings(answers);
    if (!settings.installed) return { state: 'absent' };
    const target = targetOf(answers, settings);
    const { files } = answers.contents(connections);
    if (files.length === 0) throw new Unseen('no-answer', 'there is no /proc/net/tcp');
    const own = files
      .flatMap(({ text }) => parseTcp(text))
      .filter(
        ({ remote, remotePort }) => target.ports.includes(remotePort) && target.reached.has(remote),
      );
    if (own.length === 0 && files.some(({ cut }) => cut)) {
      throw new Unseen('no-answer', 'there are more connections than a look may have');
    }
    const { address, ports } = target;
    return { state: 'known', value: { address, port: ports[0], ...countsOf(own) } };
  },
};

function countsOf(own: readonly Connection[]): Omit<ServerPath, 'address' | 'port'> {
  const established = own.filter(({ state }) => state === 1);
  const stalled = established.filter(({ timer, retransmits }) => timer === 1 && retransmits > 0);
  return {
    flowing: established.length - stalled.length,
    stalled: stalled.length,
    connecting: own.filter(({ state }) => state === 2).length,
  };
}

interface Target {
  /** As k3s is told to call it. */
  readonly address: string;
  readonly ports: readonly [number, ...number[]];
  /** Any address by which that is reached. */
  readonly reached: ReadonlySet<string>;
}

/** An agent goes to the server that it was told, or to others that this one named; a server to itself. */
function targetOf(answers: Answers, settings: K3sSettings): Target {
  const note = noteOf(answers, settings);
  const url = settings.last('server') ?? note.url;
  if (settings.role === 'server') {
    const port = Number(settings.last('https-listen-port') ?? defaultPort);
    const own = addressesOf(answers).map(({ address }) => address);
    const reached = new Set(['127.0.0.1', '::1', ...own]);
    // In a server the API itself listens behind the port that k3s shows, on the next one.
    return { address: '127.0.0.1', ports: [port, port + 1], reached };
  }
  if (url === undefined || !URL.canParse(url)) {
    throw new Unseen('no-answer', 'k3s does not say here which server it goes to');
  }
  const { hostname, port } = new URL(url);
  const address = hostname.replace(/^\[|\]$/g, '');
  const resolved = lookups(settings).flatMap((request) => {
    const said = outputOr(answers.ran(request)) ?? '';
    return said.split('\n').flatMap((line) => /^([\d.]+|[\da-f:]+)\s/i.exec(line)?.[1] ?? []);
  });
  return {
    address,
    ports: [port === '' ? 443 : Number(port)],
    reached: new Set([address, ...resolved, ...note.addresses]),
  };
}

/** The name of the server, where it is none of an address. */
function lookups(settings: K3sSettings): ReturnType<typeof run>[] {
  const url = settings.last('server');
  if (url === undefined || !URL.canParse(url)) return [];
  const { hostname } = new URL(url);
  const isName = /^[a-z0-9][a-z0-9.-]*$/i.test(hostname) && !/^[\d.]+$/.test(hostname);
  return isName
    ? [run(['getent', 'ahosts', hostname], { timeoutMs: 2000, maxBytes: 16 * 1024 })]
    : [];
}
