import { spawnSync } from 'node:child_process';
import type { Command } from '@strongroom/stack';

/** Ways into a mount namespace of one's own: as root, or for others in a user namespace where those are allowed. */
const WAYS = [['--mount'], ['--user', '--map-root-user', '--mount']] as const;

/**
 * The command in a mount namespace of its own: what it mounts nobody else sees, and it is gone with the last of its
 * processes, however they end. Undefined where the system allows none.
 */
export function inOwnMounts({ program, args }: Command): Command | undefined {
  const way = WAYS.find((options) => spawnSync('unshare', [...options, 'true']).status === 0);
  return way === undefined ? undefined : { program: 'unshare', args: [...way, program, ...args] };
}
