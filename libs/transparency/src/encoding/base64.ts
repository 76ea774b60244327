import { FormatError } from '../errors/format-error.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const GRAMMAR = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Padded standard base64, RFC 4648 section 4. */
export function toBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const chunk = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const length = Math.min(3, bytes.length - i) + 1;
    for (let j = 0; j < length; j++) out += ALPHABET.charAt((chunk >> (18 - 6 * j)) & 63);
  }
  return out.padEnd(Math.ceil(out.length / 4) * 4, '=');
}

/** The one encoding that `toBase64` gives and no other (TRANSPARENCY 4: bodies and hashes). @throws FormatError */
export function fromBase64(text: string, field: string): Uint8Array {
  const bytes = fromBase64Lenient(text, field);
  if (toBase64(bytes) !== text) throw new FormatError(field, 'has non-zero trailing bits');
  return bytes;
}

/** As `fromBase64`, but unused trailing bits may be set (TRANSPARENCY 4: signature lines). @throws FormatError */
export function fromBase64Lenient(text: string, field: string): Uint8Array {
  if (!GRAMMAR.test(text)) throw new FormatError(field, 'is not padded base64');
  const digits = text.replace(/=+$/, '');
  const out = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let buffer = 0;
  let bits = 0;
  let offset = 0;
  for (const digit of digits) {
    buffer = ((buffer << 6) | ALPHABET.indexOf(digit)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[offset++] = (buffer >> bits) & 0xff;
    }
  }
  return out;
}
