import type { Action } from '../plan/action.js';
import type { World } from './world.js';

/**
 * Whether nodes may restart while the fleet goes from one epoch to the next: each asks q others that were there before,
 * and one of those that were is gone (PROTOCOL 7.5: replace a dead node before another one restarts).
 */
export function bearsRestarts({ roster: { n, q } }: World): boolean {
  return n - 2 >= q;
}

/** One at a time, as the command does it: all others take part, have their shares, and are on sound disks. */
export function mayReplace(world: World, node: number): boolean {
  const others = world.machines.filter(({ self }) => self !== node);
  const sound = others.every(
    ({ self, current, running }) =>
      current &&
      !world.damaged.has(self) &&
      (running?.node?.services.repairs.progress.missing ?? 1) === 0 &&
      running?.disk.crashAt === null,
  );
  return world.corrupt.size === 0 && sound && others.every(({ roster }) => roster.epoch === world.roster.epoch);
}

/** What a fleet between two epochs is not promised to bear. */
export function isTooMuch(world: World, kind: Action['kind']): boolean {
  if (!world.changing || world.roster.epoch === 1) return false;
  if (kind === 'diskFull' || kind === 'rot') return true;
  return (kind === 'crash' || kind === 'rollback') && !bearsRestarts(world);
}
