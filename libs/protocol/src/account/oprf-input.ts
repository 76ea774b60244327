import { ByteWriter } from '../encoding/byte-writer.js';
import { utf8, type Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';

export const CODE_MIN_CHARACTERS = 4;
export const CODE_MAX_BYTES = 512;

/**
 * x = lv(NFKC(code)) || lv(uid) || lv(fleetId) (PROTOCOL 5). NFKC, so that the same code typed on another keyboard is the same code.
 * Holds the code: the caller wipes it when done.
 * @throws REQUEST_INVALID naming `code` when it has under 4 characters or over 512 bytes; the error never repeats the code
 */
export function oprfInput(code: string, uid: Bytes, fleetId: string): Bytes {
  if (/\p{Surrogate}/u.test(code)) throw invalid('code', 'is not well-formed text');
  const normalized = code.normalize('NFKC');
  if (Array.from(normalized).length < CODE_MIN_CHARACTERS) throw invalid('code', 'is shorter than 4 characters');
  const bytes = utf8(normalized);
  if (bytes.length > CODE_MAX_BYTES) throw invalid('code', 'is longer than 512 bytes');
  return new ByteWriter().lv(bytes).lv(uid).text(fleetId).bytes();
}
