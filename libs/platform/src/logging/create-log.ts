import { pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { Log } from './log.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Keys that are masked wherever they stand in the first two levels, should somebody log them in spite of the rule. */
const MASKED = ['token', 'authorization', 'password', 'code', 'seed', 'share', 'privateKey', 'secret', 'uid', 'sub', 'd'];

/** Lines are flat; this is how far bytes are looked for all the same. */
const MAX_DEPTH = 4;

/**
 * JSON lines on standard output through pino. Bytes are shown as their length, and Secret masks itself.
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
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, shown(value, 0)]));
}

function shown(value: unknown, depth: number): unknown {
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth === MAX_DEPTH || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shown(item, depth + 1));
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item, depth + 1)])) : value;
}
