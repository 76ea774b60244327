import type { Command } from 'commander';
import { PROFILES, requireParameters, type FleetParameters } from '@strongroom/stack';
import { z } from 'zod';

const whole = z.coerce.number().int().min(1);

export const parameterOptions = z.object({
  profile: z.enum(['standard', 'hardened']).optional(),
  n: whole.optional(),
  t: whole.optional(),
  q: whole.optional(),
  attempts: whole.optional(),
});

/** The options of every command that forms a fleet, or judges one that is only thought of. */
export function withParameters(command: Command): Command {
  return command
    .option('--profile <name>', 'standard: 5 nodes, 3 shares, 3 votes; hardened: 7, 4, 5')
    .option('--n <nodes>', 'nodes of the fleet, instead of those of the profile')
    .option('--t <shares>', 'shares that a recovery needs, instead of those of the profile')
    .option('--q <votes>', 'votes that a decision needs, instead of those of the profile')
    .option('--attempts <count>', 'attempts between two right codes, instead of those of the profile');
}

/**
 * What was asked for, on top of a profile (standard unless told), or `undefined` when nothing was.
 * @throws REQUEST_INVALID naming the rule that the parameters break (PROTOCOL 1)
 */
export function parametersAsked(options: z.infer<typeof parameterOptions>): FleetParameters | undefined {
  const { profile, n, t, q, attempts } = options;
  if ([profile, n, t, q, attempts].every((each) => each === undefined)) return undefined;
  const base = PROFILES[profile ?? 'standard'];
  const parameters = { ...base, n: n ?? base.n, t: t ?? base.t, q: q ?? base.q, attempts: attempts ?? base.attempts };
  requireParameters(parameters);
  return parameters;
}
