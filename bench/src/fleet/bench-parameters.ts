import type { FleetParameters } from '@strongroom/stack';
import { OptionError } from '../options.js';

/**
 * The profiles of PROTOCOL 1 for any number of nodes: t is the majority; standard needs t votes, hardened one more.
 * No key stretching: that is the client's work, and production refuses such a fleet.
 * @throws OptionError when no node could be down (n - q >= 1)
 */
export function benchParameters(profile: 'standard' | 'hardened', n: number): FleetParameters {
  const t = Math.floor(n / 2) + 1;
  const q = profile === 'standard' ? t : t + 1;
  if (n - q < 1) throw new OptionError(`--nodes: ${n} nodes leave no room for a failure with the profile ${profile}`);
  return { n, t, q, attempts: 10, suite: 1, ksf: 'none' };
}
