import { VaultError } from '@strongroom/protocol';
import { webStreamOf } from './byte-stream.js';
import { Patience, type PatienceOptions } from './patience.js';
import type { BackupStore, StoredBackup } from './store/backup-store.js';
import { unavailable } from './store/store-http.js';

export interface DownloadOptions extends PatienceOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * The age file that a store keeps, for `decryptBackup`. A line that breaks is taken up where it broke.
 * @throws NOT_FOUND, FORBIDDEN; out of the stream also CONFLICT when another backup took its place meanwhile and
 * STORE_UNAVAILABLE after all retries
 */
export async function downloadBackup(store: BackupStore, options: DownloadOptions = {}): Promise<ReadableStream<Uint8Array>> {
  const patience = new Patience(options);
  const stored = await patience.with((trying) => store.open(trying));
  return webStreamOf(whole(stored, patience, options), options.signal);
}

async function* whole(stored: StoredBackup, patience: Patience, { onProgress, signal }: DownloadOptions): AsyncGenerator<Uint8Array> {
  let done = 0;
  for (let tried = 1; done < stored.size; tried += 1) {
    const silence = new Silence(patience.timeoutMs, signal);
    try {
      for await (const chunk of unbroken(await stored.read(done, silence.signal))) {
        silence.broken();
        done += chunk.length;
        if (done > stored.size) throw new VaultError('CONFLICT', 'the store gives more than it announced');
        tried = 0;
        onProgress?.(done, stored.size);
        yield chunk;
      }
    } catch (error) {
      await patience.again(error, tried);
    } finally {
      silence.end();
    }
    if (tried > 0) await patience.again(unavailable('the store sends nothing'), tried);
  }
}

async function* unbroken(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const part = await reader.read().catch((cause: unknown) => {
        throw unavailable('the download broke off', cause);
      });
      if (part.done) return;
      yield part.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // a body that failed is gone already
  }
}

/** Aborts when nothing was heard for a while: the time of a whole download has no limit. */
class Silence {
  private readonly controller = new AbortController();
  private readonly follow = (): void => this.controller.abort(this.outer?.reason);
  private timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly timeoutMs: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    if (outer?.aborted === true) this.follow();
    outer?.addEventListener('abort', this.follow, { once: true });
    this.timer = this.started();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  broken(): void {
    clearTimeout(this.timer);
    this.timer = this.started();
  }

  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.follow);
    this.controller.abort();
  }

  private started(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.controller.abort(unavailable('the store fell silent')), this.timeoutMs);
  }
}
