import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { ByteReader, ByteWriter, concat, toHex, VaultError, type Bytes, type RandomSource } from '@strongroom/protocol';
import { AT_REST_OVERHEAD } from './keystore.js';

const SESSION_LENGTH = 16;
const COUNTER_LENGTH = 8;
const TAG_LENGTH = 16;
const SESSIONS_KEPT = 64;

/**
 * AES-256-GCM for everything at rest: session (16) || counter (8) || ciphertext || tag (16).
 *
 * Random 96-bit nonces under one key are safe for 2^32 messages, which a busy node writes in days. So each process draws
 * a random session, derives a key of its own from it (HMAC-SHA-256) and counts: no nonce comes twice, however long the
 * node lives and however often it is restarted or restored. Only a copy of the running process would repeat one, and
 * whoever has that has the storage key.
 *
 * The keys stay in KeyObjects, outside the JavaScript heap; node:crypto wipes them when they are collected.
 */
export class AtRestCipher {
  private readonly storageKey: KeyObject;
  private readonly namingKey: KeyObject;
  private readonly session: Bytes;
  private readonly sessionKey: KeyObject;
  /** Keys of earlier sessions by their hexadecimal id: one per restart, so few are ever in use. */
  private readonly earlier = new Map<string, KeyObject>();
  private counter = 0;

  /** @param storageKey 32 bytes; the caller wipes its own copy */
  constructor(storageKey: Bytes, random: RandomSource) {
    this.storageKey = createSecretKey(storageKey);
    this.namingKey = this.derive('at-rest-name', new Uint8Array(0));
    this.session = random.bytes(SESSION_LENGTH);
    this.sessionKey = this.derive('at-rest-session', this.session);
  }

  seal(aad: Bytes, plaintext: Bytes): Bytes {
    const head = new Uint8Array(SESSION_LENGTH + COUNTER_LENGTH);
    head.set(this.session);
    new DataView(head.buffer).setBigUint64(SESSION_LENGTH, BigInt(this.counter++));
    const cipher = createCipheriv('aes-256-gcm', this.sessionKey, nonceOf(head), { authTagLength: TAG_LENGTH });
    cipher.setAAD(aad);
    const body = cipher.update(plaintext);
    cipher.final();
    return concat(head, body, cipher.getAuthTag());
  }

  /** @throws INTERNAL when `sealed` or `aad` is not what was sealed */
  open(aad: Bytes, sealed: Bytes): Bytes {
    if (sealed.length < AT_REST_OVERHEAD) throw damaged();
    const head = sealed.subarray(0, SESSION_LENGTH + COUNTER_LENGTH);
    const tagAt = sealed.length - TAG_LENGTH;
    const decipher = createDecipheriv('aes-256-gcm', this.keyOf(head), nonceOf(head), { authTagLength: TAG_LENGTH });
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(tagAt));
    const plaintext = decipher.update(sealed.subarray(head.length, tagAt));
    try {
      decipher.final();
    } catch (cause) {
      plaintext.fill(0);
      throw damaged(cause);
    }
    return plain(plaintext);
  }

  name(message: Bytes): Bytes {
    return plain(createHmac('sha256', this.namingKey).update(message).digest());
  }

  private keyOf(head: Bytes): KeyObject {
    const session = new ByteReader(head).raw('session', SESSION_LENGTH);
    if (Buffer.compare(session, this.session) === 0) return this.sessionKey;
    const id = toHex(session);
    const known = this.earlier.get(id);
    if (known !== undefined) return known;
    const key = this.derive('at-rest-session', session);
    // A changed byte on disk names a session that never was: the bound keeps damage from filling the memory.
    if (this.earlier.size >= SESSIONS_KEPT) this.earlier.clear();
    this.earlier.set(id, key);
    return key;
  }

  private derive(use: string, context: Bytes): KeyObject {
    const bytes = createHmac('sha256', this.storageKey).update(ByteWriter.labelled(use).lv(context).bytes()).digest();
    try {
      return createSecretKey(bytes);
    } finally {
      bytes.fill(0);
    }
  }
}

/** A Buffer's `slice` shares memory where a Uint8Array's copies: hand out the latter only. */
function plain(bytes: Buffer): Bytes {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** 96 bits: four zero bytes, then the counter. */
function nonceOf(head: Bytes): Bytes {
  const nonce = new Uint8Array(12);
  nonce.set(head.subarray(SESSION_LENGTH), 4);
  return nonce;
}

function damaged(cause?: unknown): VaultError {
  return new VaultError('INTERNAL', 'what the disk holds does not authenticate', {}, { cause });
}
