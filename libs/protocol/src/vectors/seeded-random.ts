import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { concat, type Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';

/** For specs only, not exported: SHA-256(label "seeded-random" || lv(seed) || u32 counter), so that a failing run replays. */
export function seededRandom(seed: string): RandomSource {
  let counter = 0;
  const block = (): Bytes => sha256(ByteWriter.labelled('seeded-random').text(seed).u32(counter++).bytes());
  return {
    bytes(length) {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, block);
      return concat(...blocks).slice(0, length);
    },
  };
}
