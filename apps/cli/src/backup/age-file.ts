import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { invalid } from '@strongroom/protocol';
import { encodeBech32 } from './bech32.js';

export const BACKUP_KEY_BYTES = 32;

/**
 * The 32-byte backup key as an age identity: `AGE-SECRET-KEY-1..`, an X25519 scalar (age-encryption.org/v1). The public
 * `age` tool opens every backup with it. A string cannot be wiped: make it late and let go of it early.
 */
export function ageIdentity(backupKey: Uint8Array): string {
  if (backupKey.length !== BACKUP_KEY_BYTES) throw invalid('backupKey', 'is not 32 bytes');
  return encodeBech32('age-secret-key-', backupKey).toUpperCase();
}

/** The stream as an age file that only the backup key opens, in chunks of 64 KiB: memory does not grow with its length. */
export async function encryptStream(backupKey: Uint8Array, plain: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(ageIdentity(backupKey)));
  return chunksOf(await encrypter.encrypt(toWebStream(plain)));
}

/**
 * The content of an age file. Every chunk is authenticated before it comes out; that the file was not cut short shows
 * only at the end, so nothing may be treated as complete before the iteration ends without an error.
 * @throws when the key does not fit or a byte was changed
 */
export async function decryptStream(backupKey: Uint8Array, sealed: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(ageIdentity(backupKey));
  return chunksOf(await decrypter.decrypt(toWebStream(sealed)));
}

/** Reads only as fast as the consumer takes. */
function toWebStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined); // the stream failed already; its own error is on its way
  }
}
