import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Nest's own lines as structured ones. Its start-up chatter is debug: a service announces itself in one line. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.target.debug(fields(message, rest));
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.target.error(fields(message, rest));
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.target.warn(fields(message, rest));
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.target.debug(fields(message, rest));
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.target.fatal(fields(message, rest));
  }
}

/** Nest passes the name of the class last and, with errors, the stack before it. */
function fields(message: unknown, rest: readonly unknown[]): Readonly<Record<string, unknown>> {
  const text = message instanceof Error ? (message.stack ?? message.message) : String(message);
  return { event: 'nest', message: text, context: rest.at(-1), ...(rest.length > 1 ? { stack: rest[0] } : {}) };
}
