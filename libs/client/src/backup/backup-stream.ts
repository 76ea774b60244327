import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { VaultError } from '@strongroom/protocol';
import { ageIdentity } from './age-identity.js';
import { iterated, webStreamOf, type ByteSource } from './byte-stream.js';

export interface BackupStreamOptions {
  /** Called with the bytes that were taken from the source so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Ends the stream with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The bytes as an age file (age-encryption.org/v1) that only the backup key opens, in chunks of 64 KiB: memory does not
 * grow with the length, and the source is read only as fast as the result is. `Readable.fromWeb` makes a Node stream of it.
 * @param backupKey 32 bytes; not kept
 * @throws REQUEST_INVALID for a key of another length; an error of the source comes out of the stream
 */
export async function encryptBackup(
  backupKey: Uint8Array,
  plain: ByteSource,
  { onProgress, signal }: BackupStreamOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(ageIdentity(backupKey)));
  return encrypter.encrypt(webStreamOf(counted(plain, onProgress), signal));
}

/**
 * The content of an age file. Every chunk is authenticated before it comes out; that the file was not cut short shows
 * only at the end, so nothing may be treated as complete before the stream ends without an error.
 * @param backupKey 32 bytes; not kept
 * @throws REQUEST_INVALID with field `backup`, here when the key does not fit, out of the stream when bytes were changed or cut off
 */
export async function decryptBackup(
  backupKey: Uint8Array,
  sealed: ByteSource,
  { onProgress, signal }: BackupStreamOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(ageIdentity(backupKey));
  const source = new WatchedSource(counted(sealed, onProgress));
  const opened = await decrypter.decrypt(webStreamOf(source, signal)).catch((cause: unknown) => {
    throw source.failed || signal?.aborted === true ? cause : damaged('is not a backup that this key opens', cause);
  });
  return webStreamOf(authenticated(opened, source, signal));
}

/**
 * The same content under another backup key, chunk by chunk, for a key that may be known to others. Nothing of the old
 * file may be deleted before the new one is complete: an error of either side comes out of the stream.
 */
export async function reencryptBackup(
  fromKey: Uint8Array,
  toKey: Uint8Array,
  sealed: ByteSource,
  options: BackupStreamOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  return encryptBackup(toKey, await decryptBackup(fromKey, sealed, options));
}

/** Knows whether an error came from the source itself, and was no fault of key or content. */
class WatchedSource implements AsyncIterable<Uint8Array> {
  failed = false;

  constructor(private readonly source: AsyncIterable<Uint8Array>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.source;
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }
}

async function* counted(source: ByteSource, onProgress: ((bytes: number) => void) | undefined): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of iterated(source)) {
    bytes += chunk.length;
    onProgress?.(bytes);
    yield chunk;
  }
}

/** Names the damage instead of the cipher's own words. */
async function* authenticated(
  opened: ReadableStream<Uint8Array>,
  source: WatchedSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* iterated(opened);
  } catch (cause) {
    throw source.failed || signal?.aborted === true ? cause : damaged('is damaged or cut short', cause);
  }
}

function damaged(reason: string, cause: unknown): VaultError {
  return new VaultError('REQUEST_INVALID', `backup: ${reason}`, { field: 'backup' }, { cause });
}
