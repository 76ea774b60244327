import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64, toBase64 } from '../encoding/base64.js';
import { fromHex, sameOctets, toHex, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { refuseEd25519Key } from '../keys/ed25519.js';

/** The C2SP signature type of plain Ed25519: bundles, checkpoints. */
export const ED25519_TYPE = 0x01;

/** The C2SP signature type of a timestamped Ed25519 cosignature: witnesses. */
export const COSIGNATURE_TYPE = 0x04;

export type SignatureType = typeof ED25519_TYPE | typeof COSIGNATURE_TYPE;

type KeyOfType<T extends SignatureType> = {
  readonly name: string;
  /** What the key signs: a key of one type never verifies a signature of the other. */
  readonly type: T;
  /** 4 bytes: SHA-256(name LF type key)[0..4]. */
  readonly keyId: Uint8Array;
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
};

/** A C2SP verifier key of type 0x01: who signs, and with which key. */
export type Vkey = KeyOfType<typeof ED25519_TYPE>;

/** A C2SP verifier key of type 0x04: a witness. */
export type CosignerVkey = KeyOfType<typeof COSIGNATURE_TYPE>;

/** C2SP signed-note: a key name is not empty and has no space, control character or plus. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= 253 && !/[\s\p{Z}\p{Cc}\p{Cs}+]/u.test(name);
}

/** The key id of an Ed25519 key under a name: 4 bytes. */
export function keyIdOf(name: string, publicKey: Uint8Array, type: SignatureType = ED25519_TYPE): Uint8Array {
  const typed = Uint8Array.of(type, ...publicKey);
  return sha256
    .create()
    .update(utf8(`${name}\n`))
    .update(typed)
    .digest()
    .slice(0, 4);
}

/** @throws FormatError when the name or the key may not be used */
export function makeVkey(name: string, publicKey: Uint8Array): Vkey {
  return makeKey(name, ED25519_TYPE, publicKey);
}

/** @throws FormatError when the name or the key may not be used */
export function makeCosignerVkey(name: string, publicKey: Uint8Array): CosignerVkey {
  return makeKey(name, COSIGNATURE_TYPE, publicKey);
}

/** `name+hex(id)+base64(type key)`. */
export function formatVkey(vkey: Vkey | CosignerVkey): string {
  return `${vkey.name}+${toHex(vkey.keyId)}+${toBase64(Uint8Array.of(vkey.type, ...vkey.publicKey))}`;
}

/** @throws FormatError also for a key of another type than 0x01 */
export function parseVkey(text: string): Vkey {
  return parseKey(text, ED25519_TYPE);
}

/** @throws FormatError also for a key of another type than 0x04 */
export function parseCosignerVkey(text: string): CosignerVkey {
  return parseKey(text, COSIGNATURE_TYPE);
}

function makeKey<T extends SignatureType>(name: string, type: T, publicKey: Uint8Array): KeyOfType<T> {
  if (!isKeyName(name)) throw new FormatError('vkey', 'has no usable name');
  const refused = refuseEd25519Key(publicKey);
  if (refused !== undefined) throw new FormatError('vkey', `the key ${refused}`);
  return { name, type, keyId: keyIdOf(name, publicKey, type), publicKey: publicKey.slice() };
}

/** Splits on the first two `+` only, since base64 has its own, and recomputes the id. */
function parseKey<T extends SignatureType>(text: string, type: T): KeyOfType<T> {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first < 0 || second < 0) throw new FormatError('vkey', 'is not name+id+key');
  const claimed = fromHex(text.slice(first + 1, second), 4, 'vkey id');
  const typed = fromBase64(text.slice(second + 1), 'vkey key');
  if (typed[0] !== type || typed.length !== 33) throw new FormatError('vkey', `is not an Ed25519 key of type ${type}`);
  const vkey = makeKey(text.slice(0, first), type, typed.subarray(1));
  if (!sameOctets(vkey.keyId, claimed)) throw new FormatError('vkey', 'the id does not belong to name and key');
  return vkey;
}
