import { FormatError } from '../errors/format-error.js';

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Decodes UTF-8 that encodes back to the same bytes. @throws FormatError */
export function fromUtf8(bytes: Uint8Array, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(field, 'is not UTF-8', { cause });
  }
}

/** Equality of public bytes; not constant-time. */
export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}

/** Exactly `length` bytes in lower-case hexadecimal. @throws FormatError */
export function fromHex(text: string, length: number, field: string): Uint8Array {
  if (text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) {
    throw new FormatError(field, `is not ${length} bytes in lower-case hexadecimal`);
  }
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
