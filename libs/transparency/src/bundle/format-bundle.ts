import { utf8 } from '../encoding/octets.js';
import { leafHash } from '../tree/tree-hash.js';
import type { Bundle } from './bundle.js';
import { parseBundle } from './parse-bundle.js';
import { writeBundle } from './write-bundle.js';

/** The one text of a bundle. @throws FormatError when the bundle breaks a rule of TRANSPARENCY 2 or PROTOCOL 1 */
export function formatBundle(bundle: Bundle): string {
  const text = writeBundle(bundle);
  parseBundle(text);
  return text;
}

/** 32 bytes: what the next bundle names as `previous` and what the log holds: RFC 6962 leaf hash of the text. */
export function bundleDigest(text: string): Uint8Array {
  return leafHash(utf8(text));
}

/** What `previous` says in epoch 1. */
export function noPrevious(): Uint8Array {
  return new Uint8Array(32);
}
