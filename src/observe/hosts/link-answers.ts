import { type Answers, outputOr, run } from './answers.ts';
import { type IpLink, ipLinkSchema, parseIpJson } from './parse/ip-json.ts';

/** Everything that the kernel tells of all links, in one process. */
export const linksRequest = run(['ip', '-j', '-d', '-s', '-s', 'link', 'show'], {
  timeoutMs: 2000,
  maxBytes: 2 * 1024 * 1024,
});

/** Undefined where there is no `ip`, or it is too old to speak JSON. */
export function linksOf(answers: Answers): IpLink[] | undefined {
  const answer = answers.ran(linksRequest);
  const said = outputOr(answer);
  if (said === undefined || (answer.kind === 'ran' && answer.cut)) return undefined;
  try {
    return parseIpJson(said, ipLinkSchema);
  } catch {
    return undefined;
  }
}
