import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { utf8, type Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';

export const ACCOUNT_ID_LENGTH = 32;
const CLAIM_MAX_BYTES = 1024;

/**
 * uid = SHA-256(label "uid" || lv(iss) || lv(sub)), 32 bytes (PROTOCOL 2). The tenant is the issuer of the account token.
 * @throws REQUEST_INVALID naming `iss` or `sub` when it is empty or longer than 1024 bytes
 */
export function accountId(iss: string, sub: string): Bytes {
  return sha256(ByteWriter.labelled('uid').lv(claim(iss, 'iss')).lv(claim(sub, 'sub')).bytes());
}

function claim(text: string, field: string): Bytes {
  // A lone surrogate would become U+FFFD and let two accounts share one id.
  if (/\p{Surrogate}/u.test(text)) throw invalid(field, 'is not well-formed text');
  const bytes = utf8(text);
  if (bytes.length === 0 || bytes.length > CLAIM_MAX_BYTES) throw invalid(field, 'is empty or longer than 1024 bytes');
  return bytes;
}
