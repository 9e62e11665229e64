import { outputOf, run, Unseen } from '../answers.ts';
import { parseHaproxy } from '../parse/haproxy-csv.ts';
import type { HaproxyPlace, Part } from '../part.ts';

const options = { timeoutMs: 2500, maxBytes: 1024 * 1024 };

function requestOf(place: HaproxyPlace): ReturnType<typeof run> {
  if ('socket' in place) {
    return run(['socat', 'EXEC:echo show stat!!STDOUT', `UNIX-CONNECT:${place.socket}`], options);
  }
  // The page as a person reads it gives the numbers alone when asked for `;csv`.
  const url = place.url.endsWith(';csv') ? place.url : `${place.url};csv`;
  return run(['curl', '-q', '-sS', '--fail', '--max-time', '2', url], options);
}

export const haproxy: Part<'haproxy'> = {
  part: 'haproxy',
  requests: ({ haproxy: place }) => (place ? [requestOf(place)] : []),
  read: (answers, { haproxy: place }) => {
    if (!place) return { state: 'absent' };
    const answer = answers.ran(requestOf(place));
    const said = outputOf(answer, 'socket' in place ? 'socat' : 'curl');
    if (!said.startsWith('# pxname')) {
      const first = said.trim().split('\n')[0]?.slice(0, 120) ?? '';
      throw new Unseen('malformed', `HAProxy gave no statistics${first ? `: ${first}` : ''}`);
    }
    return { state: 'known', value: parseHaproxy(said) };
  },
};
