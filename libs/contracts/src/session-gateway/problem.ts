import { z } from 'zod';
import { ERROR_CODES } from '@strongroom/protocol';

/** RFC 9457 problem details; `code` is what programs act on, the other members are the metadata of PROTOCOL 9. */
export const problemDetails = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(ERROR_CODES),
  detail: z.string().optional(),
  field: z.string().optional(),
  attemptsLeft: z.int().optional(),
  retryAtMs: z.number().optional(),
  check: z.string().optional(),
  node: z.int().optional(),
});
