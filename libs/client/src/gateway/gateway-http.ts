import { VaultError } from '@strongroom/protocol';
import type { z } from 'zod';
import { LostAnswer } from '../call/retry.js';
import { orAborted, type Deadline } from '../call/deadline.js';
import type { Clock } from '../platform/clock.js';
import { errorOfProblem } from './problem-error.js';

/** The part of `fetch` that the client needs. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Largest answer that is read, in bytes: a bundle, a record and the votes of 32 nodes fit well. */
const MAX_ANSWER_BYTES = 512 * 1024;

export interface HttpRequest<Answer> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer: z.ZodType<Answer>;
}

/**
 * One HTTP request to the gateway, tried once. Redirects are refused: the bearer token goes to the named host alone.
 * @throws LostAnswer when nothing, too much or nonsense came back; VaultError with the gateway's code when it refused
 */
export async function sendOnce<Answer>(
  ports: { readonly fetch: Fetch; readonly clock: Clock; readonly baseUrl: string; readonly tryTimeoutMs: number },
  deadline: Deadline,
  request: HttpRequest<Answer>,
): Promise<Answer> {
  const attempt = new AbortController();
  const timeoutMs = Math.min(ports.tryTimeoutMs, deadline.remainingMs());
  const finished = new AbortController();
  const stop = (): void => attempt.abort(deadline.signal.reason);
  deadline.signal.addEventListener('abort', stop, { once: true });
  ports.clock.wait(timeoutMs, finished.signal).then(
    () => attempt.abort(new LostAnswer(`no answer within ${timeoutMs} ms`)),
    () => undefined, // answered in time
  );
  try {
    return await orAborted(exchange(ports.fetch, ports.baseUrl, request, attempt.signal), attempt.signal);
  } finally {
    deadline.signal.removeEventListener('abort', stop);
    finished.abort();
  }
}

async function exchange<Answer>(fetch: Fetch, baseUrl: string, request: HttpRequest<Answer>, signal: AbortSignal): Promise<Answer> {
  const { status, body } = await transfer(fetch, baseUrl, request, signal);
  if (status < 200 || status > 299) throw errorOfProblem(status, body);
  const answer = request.answer.safeParse(body);
  if (!answer.success) {
    const issue = answer.error.issues[0];
    throw new LostAnswer(`the answer is not what the contract says at ${issue?.path.join('.') ?? ''}`);
  }
  return answer.data;
}

async function transfer(
  fetch: Fetch,
  baseUrl: string,
  { method, path, headers, body }: HttpRequest<unknown>,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const init: RequestInit = {
    method,
    headers: { accept: 'application/json', ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
    signal,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  try {
    const response = await fetch(`${baseUrl}${path}`, init);
    return { status: response.status, body: parseJson(await readText(response)) };
  } catch (cause) {
    if (cause instanceof LostAnswer || cause instanceof VaultError) throw cause;
    throw new LostAnswer(`cannot reach the gateway at ${baseUrl}`, { cause });
  }
}

/** Reads at most MAX_ANSWER_BYTES, so that a gateway cannot fill the client's memory. */
async function readText(response: Response): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let length = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > MAX_ANSWER_BYTES) {
      await reader.cancel();
      throw new LostAnswer(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new LostAnswer('the answer is not JSON', { cause });
  }
}
