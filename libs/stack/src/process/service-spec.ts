import type { Command } from './command-line.js';

/** How one process of the stack is started, found ready and stopped. */
export interface ServiceSpec {
  /** Unique within the stack, as in `hsm-node-1`. */
  readonly name: string;
  readonly command: Command;
  /** The whole environment of the process; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Standard output and error are appended here. */
  readonly logFile: string;
  /** Asked until it says true or the process ends; gets what the process has logged since it was started. */
  readonly isReady: (logged: string) => boolean | Promise<boolean>;
  readonly readyTimeoutMs: number;
  /** The signal for a clean end; also sent by the kernel when the starting process dies. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** After that long without an end comes SIGKILL. */
  readonly stopTimeoutMs: number;
}

/** The line that runService of the platform writes once everything is up. */
export function saysServiceReady(logged: string): boolean {
  return logged.includes('"event":"service.ready"');
}
