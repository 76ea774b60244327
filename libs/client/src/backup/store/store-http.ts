import { VaultError } from '@strongroom/protocol';

/** `fetch`, or one that signs or adds a login. */
export type StoreFetch = (url: string, init: RequestInit) => Promise<Response>;

export interface StoreRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Blob | string | undefined;
  readonly signal: AbortSignal;
  /** Answers beside 2xx that the caller deals with. */
  readonly accept?: readonly number[];
}

/**
 * One request to the store of an app. No error holds the address, which may be a secret by itself.
 * @throws FORBIDDEN for 401 and 403, NOT_FOUND for 404, STORE_UNAVAILABLE when it may be tried again, else CONFLICT
 */
export async function request(fetch: StoreFetch, url: string, { accept = [], ...init }: StoreRequest): Promise<Response> {
  const { method, headers = {}, body, signal } = init;
  let response: Response;
  try {
    // A redirect would carry login and backup to an address that the app did not name.
    response = await fetch(url, { method, headers, signal, redirect: 'error', cache: 'no-store', ...(body === undefined ? {} : { body }) });
  } catch (cause) {
    throw unavailable('the store of the backup does not answer', cause);
  }
  if (response.ok || accept.includes(response.status)) return response;
  await response.body?.cancel().catch(() => undefined); // only its status counts
  throw refusal(response.status);
}

/** An answer's text. @throws STORE_UNAVAILABLE when it breaks off */
export async function textOf(response: Response): Promise<string> {
  return response.text().catch((cause: unknown) => {
    throw unavailable('the answer of the store broke off', cause);
  });
}

export function unavailable(message: string, cause?: unknown): VaultError {
  return new VaultError('STORE_UNAVAILABLE', message, {}, { cause });
}

function refusal(status: number): VaultError {
  const metadata = { status };
  if (status === 401 || status === 403) return new VaultError('FORBIDDEN', 'the store of the backup refuses the login', metadata);
  if (status === 404) return new VaultError('NOT_FOUND', 'the store has no such backup or upload', metadata);
  if (status === 408 || status === 429 || status >= 500)
    return new VaultError('STORE_UNAVAILABLE', `the store of the backup cannot answer now (${status})`, metadata);
  return new VaultError('CONFLICT', `the store of the backup refuses (${status})`, metadata);
}
