import { z } from 'zod';

export type BytesSchema = z.ZodCustom<Uint8Array, Uint8Array>;

/** Exactly `length` raw bytes. Takes any Uint8Array, a Node Buffer included; gives a plain Uint8Array over the same memory. */
export function bytes(length: number): BytesSchema {
  return byteSchema((value) => value.length === length, `must be ${length} bytes`, { minBytes: length, maxBytes: length });
}

/** At most `max` raw bytes, none included. Takes any Uint8Array, a Node Buffer included; gives a plain Uint8Array over the same memory. */
export function bytesUpTo(max: number): BytesSchema {
  return byteSchema((value) => value.length <= max, `must be at most ${max} bytes`, { minBytes: 0, maxBytes: max });
}

/** The `meta` is what a JSON Schema shows for a type that JSON does not have. */
function byteSchema(
  fits: (value: Uint8Array) => boolean,
  error: string,
  lengths: Readonly<{ minBytes: number; maxBytes: number }>,
): BytesSchema {
  return z
    .custom<Uint8Array>((value) => isUint8Array(value) && fits(value), { error })
    .overwrite(withoutBufferMethods)
    .meta({ format: 'binary', ...lengths });
}

/** By tag and not by `instanceof`, so that bytes made in another realm count too. */
function isUint8Array(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/** A Buffer's `slice` shares memory where a Uint8Array's copies, which turns wiping a copy into wiping the original. */
function withoutBufferMethods(value: Uint8Array): Uint8Array {
  return Object.getPrototypeOf(value) === Uint8Array.prototype ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
