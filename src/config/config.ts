import * as z from 'zod';
import { severities } from '../model/severity.ts';
import { durationMs } from './duration.ts';
import { hostsSchema } from './hosts-schema.ts';

const failOn = severities.filter((each) => each !== 'info');

/** The shape of `evenkeel.yaml`. Every key is optional; a key that is not here is an error. */
export const configSchema = z
  .strictObject({
    audit: z
      .strictObject({
        failOn: z.enum(failOn).optional().describe('exit with 1 from this severity on'),
        namespaces: z.array(z.string()).optional().describe('stay within these namespaces'),
        timeout: z
          .string()
          .refine((text) => durationMs(text) !== undefined, 'not a duration, such as 60s or 2m')
          .optional()
          .describe('how long collecting may take, as in 60s'),
      })
      .optional(),
    checks: z
      .strictObject({
        skip: z.array(z.string()).optional().describe('checks or layers to leave out'),
        options: z
          .record(z.string(), z.record(z.string(), z.unknown()))
          .optional()
          .describe('options of a check, by its id'),
      })
      .optional(),
    hosts: hostsSchema
      .optional()
      .describe('the machines below the nodes, by name, and how each is reached'),
    baseline: z
      .string()
      .min(1)
      .optional()
      .describe('where --record-baseline writes, beside this file; evenkeel.baseline.json'),
  })
  .describe('evenkeel.yaml');

export type Config = z.infer<typeof configSchema>;
