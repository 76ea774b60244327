import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import type { Terminal } from '../terminal/terminal.js';

/** What every command gets besides its own options. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly config: CliConfig;
  /** Aborts at Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** The environment of the process, for what it starts. */
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly nowMs: () => number;
}

/** A command's work; returns the exit code. Options are what commander parsed: each command checks its own. */
export type Run = (context: CommandContext, options: unknown, args: readonly string[]) => Promise<number>;

/** Ties a command to its work; the program decides how errors and exit codes leave the process. */
export type Register = (command: Command, run: Run) => void;
