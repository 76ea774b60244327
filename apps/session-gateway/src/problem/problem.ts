import { ERROR_TABLE } from '@strongroom/contracts';
import type { HttpReply } from '../http/http-request.js';
import type { ErrorMetadata, VaultError } from '@strongroom/protocol';

/** An answer of RFC 9457. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string | number>>;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** The metadata of PROTOCOL 9. Whatever else an error of a node carries stays inside. */
const SHOWN = ['field', 'attemptsLeft', 'retryAtMs', 'check', 'node'] as const;
const MAX_DETAIL = 200;

/**
 * How an error looks at the HTTP door. INTERNAL shows its title alone.
 * @param status where HTTP has a more exact one than the error table: 413, 415
 */
export function problemOf(error: VaultError, requestId: string, nowMs: number, status?: number): Problem {
  const row = ERROR_TABLE[error.code];
  const shownStatus = status ?? row.httpStatus;
  return {
    status: shownStatus,
    headers: headersOf(error, nowMs),
    body: {
      type: `urn:strongroom:error:${error.code}`,
      title: row.title,
      status: shownStatus,
      code: error.code,
      ...(error.code === 'INTERNAL' ? {} : { detail: error.message.slice(0, MAX_DETAIL) }),
      instance: `urn:strongroom:request:${requestId}`,
      ...shown(error.metadata),
    },
  };
}

function shown(metadata: ErrorMetadata): Readonly<Record<string, string | number>> {
  const out: Record<string, string | number> = {};
  for (const key of SHOWN) {
    const value = metadata[key];
    if (value !== undefined) out[key] = value;
  }
  return out;
}

function headersOf(error: VaultError, nowMs: number): Readonly<Record<string, string>> {
  const { retryAtMs } = error.metadata;
  const retry = typeof retryAtMs === 'number' ? { 'retry-after': String(Math.max(1, Math.ceil((retryAtMs - nowMs) / 1000))) } : {};
  const challenge = error.code === 'TOKEN_INVALID' ? { 'www-authenticate': 'Bearer realm="strongroom", error="invalid_token"' } : {};
  return { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...retry, ...challenge };
}

/** As text: Fastify would serialise an object by its own idea of the media type. */
export function sendProblem(reply: Pick<HttpReply, 'header' | 'code' | 'send'>, problem: Problem): void {
  for (const [name, value] of Object.entries(problem.headers)) reply.header(name, value);
  reply.code(problem.status).send(JSON.stringify(problem.body));
}
