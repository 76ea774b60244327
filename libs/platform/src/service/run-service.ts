import 'reflect-metadata';
import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigError } from '../config/load-config.js';
import { variables } from '../config/variables.js';
import { createLog } from '../logging/create-log.js';
import type { Log, LogFields } from '../logging/log.js';
import { NestLog } from '../logging/nest-log.js';
import { endOnUnhandled, ShutdownSignals } from './end-process.js';
import { hardenProcess } from './harden-process.js';

/** The first argument of NestFactory: a module class or a dynamic module. */
export type RootModule = Parameters<typeof NestFactory.createApplicationContext>[0];

export interface StartedService {
  readonly app: INestApplicationContext;
  /** What the ready line says besides, such as addresses. */
  readonly ready?: LogFields;
}

/**
 * Runs one service as one process: start, one ready line, clean end on SIGTERM or SIGINT within 5 s. A failure that
 * nobody handled ends the process with 1, because its state is unknown; the supervisor starts it again.
 * @param name as in `hsm-node`: in every log line and the process title
 * @param start reads the configuration and builds the application, so that a wrong variable ends like any failed start
 */
export async function runService(name: string, start: (log: Log) => Promise<StartedService>): Promise<void> {
  process.title = `strongroom-${name}`;
  const level = variables.LOG_LEVEL.safeParse(process.env['LOG_LEVEL']);
  const log = createLog(name, level.success ? level.data : 'info');
  hardenProcess(log);
  endOnUnhandled(log);
  const signals = new ShutdownSignals(log);
  try {
    const { app, ready = {} } = await start(log);
    signals.close(app);
    log.info({ event: 'service.ready', pid: process.pid, ...ready });
  } catch (error) {
    log.fatal({ event: 'service.not-started', reason: explained(error) });
    process.exit(1);
  }
}

/** A Nest application without HTTP. */
export function createContext(module: RootModule, log: Log): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(module, nestOptions(log));
}

/** Structured lines, and errors thrown to us: Nest would end the process by itself and hide the reason. */
export function nestOptions(log: Log): { readonly logger: LoggerService; readonly abortOnError: false } {
  return { logger: new NestLog(log), abortOnError: false };
}

/** Where it went wrong is of no use to whoever set a variable wrongly. */
function explained(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
