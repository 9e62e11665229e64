import * as z from 'zod';
import { type Answers, contentsOf } from './answers.ts';
import type { K3sSettings } from './k3s-settings.ts';

const schema = z.object({
  ServerURL: z.string().nullish(),
  ServerAddresses: z.array(z.string()).nullish(),
});

/** Where an agent notes its servers for the next start: the one that it was told, and those it learnt of. */
export function noteRequest({ dataDir }: K3sSettings): ReturnType<typeof contentsOf> {
  return contentsOf([notePath(dataDir)], 32 * 1024);
}

export function noteOf(
  answers: Answers,
  settings: K3sSettings,
): { readonly url: string | undefined; readonly addresses: readonly string[] } {
  const { files } = answers.contents(noteRequest(settings));
  const parsed = schema.safeParse(jsonOf(files[0]?.text ?? ''));
  if (!parsed.success) return { url: undefined, addresses: [] };
  const { ServerURL, ServerAddresses } = parsed.data;
  return {
    url: ServerURL ?? undefined,
    // With their ports, which are those of the URL.
    addresses: (ServerAddresses ?? []).map((each) =>
      each.replace(/:\d+$/, '').replace(/[[\]]/g, ''),
    ),
  };
}

function notePath(dataDir: string): string {
  return `${dataDir}/agent/etc/k3s-agent-load-balancer.json`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
