import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from '../encoding/octets.js';

/** SHA-256 of the origin in lower-case hexadecimal: C2SP tlog-witness, monitor retrieval. */
export function originHash(origin: string): string {
  return toHex(sha256(utf8(origin)));
}
