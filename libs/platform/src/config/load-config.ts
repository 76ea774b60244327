import type { z } from 'zod';

/** The environment does not fit the schema: one message for all variables, without any value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment through a zod object whose keys are the variables' names. An empty variable counts as unset,
 * as compose files pass it. Only a service's config.ts calls it, with process.env.
 * @throws ConfigError listing every wrong variable by name and reason
 */
export function loadConfig<T>(schema: z.ZodType<T>, env: Readonly<Record<string, string | undefined>>): T {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`);
  throw new ConfigError(`the environment is not valid:\n${[...new Set(lines)].join('\n')}`);
}
