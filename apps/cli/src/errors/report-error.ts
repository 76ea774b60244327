import { VaultError } from '@strongroom/protocol';
import { z } from 'zod';
import type { Terminal } from '../terminal/terminal.js';
import { adviceFor } from './advice.js';
import { USAGE, exitCodeOf } from './exit-code.js';

/** Tells a person what went wrong and what to do next, a program the code and the facts. @returns the exit code */
export function reportError(terminal: Terminal, error: unknown): number {
  if (error instanceof z.ZodError) return reportUsage(terminal, error);
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof VaultError ? error.code : 'INTERNAL';
  const metadata = error instanceof VaultError ? error.metadata : {};
  const advice = adviceFor(error);
  terminal.note(`${terminal.style('bad', 'strongroom:')} ${message}`);
  if (advice !== undefined) terminal.note(advice);
  terminal.result({ error: { code, message, ...metadata } });
  return exitCodeOf(error);
}

function reportUsage(terminal: Terminal, { issues }: z.ZodError): number {
  const message = issues
    .map(
      ({ path, message: reason }) =>
        `--${path
          .map(String)
          .join('.')
          .replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}: ${reason}`,
    )
    .join('; ');
  terminal.note(`strongroom: ${message}`);
  terminal.result({ error: { code: 'REQUEST_INVALID', message } });
  return USAGE;
}
