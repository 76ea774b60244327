import { invalid } from '@strongroom/protocol';
import type { z } from 'zod';

/**
 * `value` as the schema describes it. zod's texts name types and limits, never the value, so nothing a client sent
 * comes back in an error.
 * @throws REQUEST_INVALID naming the first field that does not fit, else `whole`
 */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, whole = 'body'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? 'has a member that is not known' : undefined;
  throw invalid(fieldOf(issue?.path ?? [], whole), unknownKey ?? issue?.message.slice(0, 200) ?? 'is not valid');
}

function fieldOf(path: readonly PropertyKey[], whole: string): string {
  return path.length === 0 ? whole : path.map(String).join('.').slice(0, 100);
}
