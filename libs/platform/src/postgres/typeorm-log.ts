import type { Logger } from 'typeorm';
import type { Log } from '../logging/log.js';

/** TypeORM's lines as ours. Queries and their parameters are never logged: they hold accounts' data. */
export class TypeormLog implements Logger {
  constructor(private readonly target: Log) {}

  logQuery(): void {}

  logQueryError(): void {}

  logQuerySlow(timeMs: number): void {
    this.target.warn({ event: 'postgres.slow-query', timeMs });
  }

  logSchemaBuild(message: string): void {
    this.target.debug({ event: 'postgres.schema', message });
  }

  logMigration(message: string): void {
    this.target.info({ event: 'postgres.migration', message });
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    const fields = { event: 'postgres', message: String(message) };
    if (level === 'warn') this.target.warn(fields);
    else this.target.debug(fields);
  }
}
