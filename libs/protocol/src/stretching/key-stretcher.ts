import type { Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';

export const STRETCHED_LENGTH = 64;

/** Key stretching of RFC 9807 section 4.2. Implemented where it can run off the main thread. */
export interface KeyStretcher {
  /** 64 bytes in, 64 bytes out, both secret. Argon2id: version 1.3, 16 zero bytes as salt (RFC 9807). */
  stretch(input: Bytes): Promise<Bytes>;
}

/** No stretching: RFC 9807's Identity, for vectors and the bench suite, which production refuses. */
export const identityStretcher: KeyStretcher = {
  stretch: (input) => Promise.resolve(Uint8Array.from(input)),
};

export interface Argon2idCost {
  readonly kind: 'argon2id';
  /** KiB, from 8 * parallelism up to 1 GiB. */
  readonly memoryKib: number;
  /** 1 to 16. */
  readonly iterations: number;
  /** 1 to 16. */
  readonly parallelism: number;
}

/** A fleet's key-stretching cost, as the bundle states it. */
export type StretchingCost = Argon2idCost | { readonly kind: 'none' };

/** Reads `argon2id:<KiB>:<iterations>:<parallelism>` or `none`. The bounds keep a bundle from freezing a device. @throws REQUEST_INVALID */
export function parseStretchingCost(text: string): StretchingCost {
  if (text === 'none') return { kind: 'none' };
  const match = /^argon2id:([1-9]\d{0,6}):([1-9]\d?):([1-9]\d?)$/.exec(text);
  if (match === null) throw invalid('ksf', 'is unknown');
  const [memoryKib = 0, iterations = 0, parallelism = 0] = match.slice(1).map(Number);
  if (memoryKib < 8 * parallelism || memoryKib > 1_048_576) throw invalid('ksf', 'has too little or too much memory');
  if (iterations > 16 || parallelism > 16) throw invalid('ksf', 'has too many iterations or lanes');
  return { kind: 'argon2id', memoryKib, iterations, parallelism };
}

/** Inverse of `parseStretchingCost`. */
export function formatStretchingCost(cost: StretchingCost): string {
  return cost.kind === 'none' ? 'none' : `argon2id:${cost.memoryKib}:${cost.iterations}:${cost.parallelism}`;
}
