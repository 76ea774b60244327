import { spawnSync } from 'node:child_process';
import { chownSync, existsSync } from 'node:fs';
import type { Command } from '../process/command-line.js';

/** Puts a command into a form in which PostgreSQL agrees to run; it refuses root. */
export type Lowering = (command: Command) => Command;

/** An id that every Linux has in /etc/passwd (initdb looks it up); inside the namespace it stands for root outside. */
const MAPPED_UID = '1';
const NOBODY = 65_534;

/**
 * How to run PostgreSQL as the present user: as it is; or, for root, inside a user namespace of its own; or, where those
 * are forbidden, as nobody, who then owns the folder.
 * @throws Error when root has neither way
 */
export function lowering(binary: string, folder: string): Lowering {
  if (process.getuid?.() !== 0) return (command) => command;
  const namespace = prefixed('unshare', ['--user', `--map-user=${MAPPED_UID}`]);
  if (works(namespace, binary, folder)) return namespace;
  const nobody = prefixed('setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']);
  if (existsSync(folder)) chownSync(folder, NOBODY, NOBODY);
  if (works(nobody, binary, folder)) return nobody;
  throw new Error(
    `PostgreSQL does not run as root, and neither a user namespace nor the user nobody can use ${folder} and ${binary}: ` +
      'start as an ordinary user or set DATABASE_URL to a running server',
  );
}

function prefixed(program: string, options: readonly string[]): Lowering {
  return (command) => ({ program, args: [...options, command.program, ...command.args] });
}

/** Whether a process lowered like this may run the program and write into the folder. */
function works(lower: Lowering, binary: string, folder: string): boolean {
  const { program, args } = lower({ program: '/bin/sh', args: ['-c', 'test -x "$1" && test -w "$2"', 'sh', binary, folder] });
  return spawnSync(program, args).status === 0;
}
