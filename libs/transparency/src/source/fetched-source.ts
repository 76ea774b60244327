import { LogSource, SourceUnavailable } from './log-source.js';

const REQUEST_TIMEOUT_MS = 10_000;
/** 256 entries of 65,535 bytes with their lengths. */
const MAX_FILE_BYTES = 256 * 65_537;
const MAX_CHECKPOINT_BYTES = 64 * 1024;

/** `fetch`, of Node or of a browser: I/O is an argument here. */
export type Fetch = (url: URL, init: { readonly signal: AbortSignal; readonly redirect: 'error' }) => Promise<Response>;

/** A log at its URL prefix. Every read has a deadline and a limit; what is read is believed by nobody. */
export class FetchedSource extends LogSource {
  private readonly prefix: string;

  /** @param url with or without a slash at its end */
  constructor(
    url: string,
    private readonly ask: Fetch,
    private readonly signal?: AbortSignal,
  ) {
    super();
    this.prefix = url.endsWith('/') ? url : `${url}/`;
  }

  override checkpoint(): Promise<Uint8Array | undefined> {
    return this.get('checkpoint', MAX_CHECKPOINT_BYTES);
  }

  override file(path: string): Promise<Uint8Array | undefined> {
    return this.get(path, MAX_FILE_BYTES);
  }

  private async get(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const deadline = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const signal = this.signal ? AbortSignal.any([deadline, this.signal]) : deadline;
    try {
      const response = await this.ask(new URL(path, this.prefix), { signal, redirect: 'error' });
      if (response.status === 404 || response.status === 410) {
        await response.body?.cancel();
        return undefined;
      }
      if (!response.ok) throw new SourceUnavailable(`${this.prefix}${path} answers ${response.status}`);
      return await bodyOf(response, maxBytes);
    } catch (cause) {
      if (cause instanceof SourceUnavailable) throw cause;
      throw new SourceUnavailable(`${this.prefix}${path} does not answer`, { cause });
    }
  }
}

/** A body that is longer than any honest one is not read to its end. @throws SourceUnavailable */
export async function bodyOf(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return joined(parts, length);
    length += part.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      throw new SourceUnavailable(`${response.url} is longer than ${maxBytes} bytes`);
    }
    parts.push(part.value);
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
