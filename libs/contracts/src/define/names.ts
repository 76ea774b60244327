import { z } from 'zod';

/** A fleet's name: 1 to 32 lower-case letters, digits and inner hyphens, so that it fits into a subject as one token. */
export const fleetIdSchema: z.ZodString = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, {
  error: 'must be 1 to 32 lower-case letters, digits or inner hyphens',
});

/** Number of a node in its roster, also the x coordinate of its shares: 1 to 32. */
export const nodeIndexSchema: z.ZodInt = z.int().min(1).max(32);

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * One token of a subject. Refusing dots, spaces and the wildcards `*` and `>` keeps a name that came from outside
 * from reaching another subject.
 */
export function isSubjectToken(text: string): boolean {
  return NAME.test(text);
}
