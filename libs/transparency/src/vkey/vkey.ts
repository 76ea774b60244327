import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64, toBase64 } from '../encoding/base64.js';
import { fromHex, sameOctets, toHex, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { refuseEd25519Key } from '../keys/ed25519.js';

/** The C2SP signature type of plain Ed25519. */
export const ED25519_TYPE = 0x01;

/** A C2SP verifier key of type 0x01: who signs, and with which key. */
export type Vkey = {
  readonly name: string;
  /** 4 bytes: SHA-256(name LF type key)[0..4]. */
  readonly keyId: Uint8Array;
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
};

/** C2SP signed-note: a key name is not empty and has no space, control character or plus. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= 253 && !/[\s\p{Z}\p{Cc}\p{Cs}+]/u.test(name);
}

/** The key id of an Ed25519 key under a name: 4 bytes. */
export function keyIdOf(name: string, publicKey: Uint8Array): Uint8Array {
  const typed = Uint8Array.of(ED25519_TYPE, ...publicKey);
  return sha256
    .create()
    .update(utf8(`${name}\n`))
    .update(typed)
    .digest()
    .slice(0, 4);
}

/** @throws FormatError when the name or the key may not be used */
export function makeVkey(name: string, publicKey: Uint8Array): Vkey {
  if (!isKeyName(name)) throw new FormatError('vkey', 'has no usable name');
  const refused = refuseEd25519Key(publicKey);
  if (refused !== undefined) throw new FormatError('vkey', `the key ${refused}`);
  return { name, keyId: keyIdOf(name, publicKey), publicKey: publicKey.slice() };
}

/** `name+hex(id)+base64(type key)`. */
export function formatVkey(vkey: Vkey): string {
  return `${vkey.name}+${toHex(vkey.keyId)}+${toBase64(Uint8Array.of(ED25519_TYPE, ...vkey.publicKey))}`;
}

/** Splits on the first two `+` only, since base64 has its own, and recomputes the id. @throws FormatError */
export function parseVkey(text: string): Vkey {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first < 0 || second < 0) throw new FormatError('vkey', 'is not name+id+key');
  const claimed = fromHex(text.slice(first + 1, second), 4, 'vkey id');
  const typed = fromBase64(text.slice(second + 1), 'vkey key');
  if (typed[0] !== ED25519_TYPE || typed.length !== 33) throw new FormatError('vkey', 'is not of type Ed25519');
  const vkey = makeVkey(text.slice(0, first), typed.subarray(1));
  if (!sameOctets(vkey.keyId, claimed)) throw new FormatError('vkey', 'the id does not belong to name and key');
  return vkey;
}
