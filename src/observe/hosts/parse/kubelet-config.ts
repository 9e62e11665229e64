import { parseDocument } from 'yaml';
import * as z from 'zod';

const schema = z.object({
  featureGates: z.record(z.string(), z.boolean()).nullish(),
  failCgroupV1: z.boolean().nullish(),
});

/** What of a KubeletConfiguration evenkeel looks at; nothing of a file that is none. */
export function parseKubeletConfig(text: string): z.infer<typeof schema> {
  try {
    const parsed = schema.safeParse(parseDocument(text, { logLevel: 'error' }).toJS());
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}
