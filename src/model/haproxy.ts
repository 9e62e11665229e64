import type * as z from 'zod';
import type { haproxyServerSchema } from './objects/host/net.ts';

/** One row of `show stat`: a server, or a backend as a whole. */
export type HaproxyRow = z.infer<typeof haproxyServerSchema>;
