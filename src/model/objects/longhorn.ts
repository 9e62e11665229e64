import * as z from 'zod';
import { condition, meta, optional } from './meta.ts';

/** A machine as Longhorn sees it; the name is the Kubernetes node's. */
export const longhornNodeSchema = z.object({
  kind: z.literal('Node.longhorn.io').default('Node.longhorn.io'),
  metadata: z.object(meta),
  status: optional(z.object({ conditions: optional(z.array(condition)) })),
});
export type LonghornNode = z.infer<typeof longhornNodeSchema>;
