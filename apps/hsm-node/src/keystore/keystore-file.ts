import { createCipheriv, createDecipheriv, scryptSync } from 'node:crypto';
import { ByteReader, ByteWriter, concat, VaultError, type Bytes, type RandomSource } from '@strongroom/protocol';

const FORMAT = 1;
const TAG_LENGTH = 16;
/** 64 MiB, about 0.2 s: once per boot. */
const SCRYPT = { N: 1 << 16, r: 8, p: 1, maxmem: 128 << 20 } as const;

/** What opens the file: a passphrase, or 32 random bytes kept in a file of their own. */
export type FileSecret = { readonly kind: 'passphrase'; readonly passphrase: Bytes } | { readonly kind: 'key'; readonly key: Bytes };

/** lv label || u8 format || u8 kind || salt 16 || nonce 12 || AES-256-GCM; everything before the nonce is authenticated. */
export function sealKeystoreFile(plaintext: Bytes, secret: FileSecret, random: RandomSource): Bytes {
  const head = header(secret).raw(random.bytes(16)).bytes();
  const nonce = random.bytes(12);
  const key = fileKey(secret, head.subarray(-16));
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  key.fill(0);
  cipher.setAAD(head);
  const body = cipher.update(plaintext);
  cipher.final();
  return concat(head, nonce, body, cipher.getAuthTag());
}

/**
 * The plaintext, the caller's to wipe.
 * @throws INTERNAL when the file is damaged, of another format or made with another secret
 */
export function openKeystoreFile(file: Bytes, secret: FileSecret): Bytes {
  const prefix = header(secret).bytes();
  const bodyAt = prefix.length + 16 + 12;
  if (file.length < bodyAt + TAG_LENGTH) throw unreadable('is cut short');
  const reader = new ByteReader(file);
  const head = reader.raw('head', prefix.length + 16);
  const nonce = reader.raw('nonce', 12);
  if (Buffer.compare(head.subarray(0, prefix.length), prefix) !== 0) {
    throw unreadable('is of another format, or sealed in the other way (passphrase or key file)');
  }
  const key = fileKey(secret, head.subarray(-16));
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  key.fill(0);
  decipher.setAAD(head);
  decipher.setAuthTag(file.subarray(-TAG_LENGTH));
  const plaintext = decipher.update(file.subarray(bodyAt, -TAG_LENGTH));
  try {
    decipher.final();
  } catch (cause) {
    plaintext.fill(0);
    throw unreadable('is damaged, or the passphrase or key is another', cause);
  }
  return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
}

function header(secret: FileSecret): ByteWriter {
  return ByteWriter.labelled('keystore')
    .u8(FORMAT)
    .u8(secret.kind === 'passphrase' ? 1 : 0);
}

/** 32 bytes, the caller's to wipe. */
function fileKey(secret: FileSecret, salt: Bytes): Bytes {
  if (secret.kind === 'key') return Uint8Array.from(secret.key);
  return scryptSync(secret.passphrase, salt, 32, SCRYPT);
}

function unreadable(reason: string, cause?: unknown): VaultError {
  return new VaultError('INTERNAL', `the keystore file ${reason}`, { file: 'keystore.sealed' }, { cause });
}
