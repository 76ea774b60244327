import { invalid, type Bytes } from '@strongroom/protocol';

/** base64url without padding; native, as this runs for every vote that passes through. */
export function toText(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * The bytes of text that a schema has already found to be base64url characters. Node decodes leniently, so the bytes
 * are encoded again: only the one canonical text of them is taken.
 * @throws REQUEST_INVALID naming `field`
 */
export function fromText(text: string, field: string): Bytes {
  const decoded = Buffer.from(text, 'base64url');
  if (decoded.toString('base64url') !== text) throw invalid(field, 'is not canonical base64url');
  return new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength);
}
