import { spawnSync } from 'node:child_process';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * A command that leaves no core dump (memory holds secrets) and, where util-linux offers it, that the kernel ends with
 * `signal` when the process that started it dies, however it dies. Both run inside the child's own pid by exec.
 */
export function leashed({ program, args }: Command, signal: 'SIGTERM' | 'SIGINT'): Command {
  const leash = canLeash() ? ['setpriv', '--pdeathsig', signal.slice('SIG'.length)] : [];
  return { program: '/bin/sh', args: ['-c', 'ulimit -c 0; exec "$@"', 'sh', ...leash, program, ...args] };
}

let leashing: boolean | undefined;

function canLeash(): boolean {
  leashing ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;
  return leashing;
}
