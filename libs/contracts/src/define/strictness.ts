import { z } from 'zod';

/** True when an object, or every branch of a union, refuses unknown keys. */
export function isStrict(schema: unknown): boolean {
  if (schema instanceof z.ZodUnion) return schema.options.every(isStrict);
  return schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever;
}
