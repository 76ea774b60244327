import { pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { Log } from './log.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Keys that are masked wherever they stand in the first two levels, should somebody log them in spite of the rule. */
const MASKED = ['token', 'authorization', 'password', 'code', 'seed', 'share', 'privateKey', 'secret', 'uid', 'sub', 'd'];

/**
 * JSON lines on standard output through pino. Bytes are shown as their length, VaultErrors keep their code apart from
 * the masked key `code`, and Secret masks itself.
 */
export function createLog(service: string, level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: MASKED.flatMap((key) => [key, `*.${key}`]), censor: '[masked]' },
    formatters: { level: (label: string) => ({ level: label }), log: withoutBytes },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function withoutBytes(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, shown(value)]));
}

function shown(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? `[${value.byteLength} bytes]` : value;
}
