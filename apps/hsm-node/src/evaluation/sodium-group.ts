import { hash } from 'node:crypto';
import { invalid, isScalar, type Bytes, type PointCheck, type ScalarGroup } from '@strongroom/protocol';
import { loadNativeSodium, type NativeSodium } from './native-sodium.js';

const LENGTH = 32;
/** Scratch memory: result, then up to three arguments, the first of which may be 64 bytes. */
const RESULT = 0;
const FIRST = 64;
const SECOND = 128;
const THIRD = 160;
const SCRATCH_LENGTH = 192;

/** The node's arithmetic on shares, and its fast check of points that arrive. */
export interface SodiumGroup extends ScalarGroup {
  /** Canonical ristretto255 and not the identity, which libsodium itself would let through. */
  readonly isPoint: PointCheck;
}

/**
 * libsodium in WASM: constant time for secret scalars, and ten times faster than BigInts.
 *
 * The stock wrappers copy arguments into memory that they free without wiping. This calls the functions beneath them
 * with one scratch area that is zeroed after each call. What it cannot reach: the stack inside the WASM memory, where
 * libsodium leaves intermediate values until later calls overwrite them.
 */
export async function loadSodiumGroup(): Promise<SodiumGroup> {
  return sodiumGroup(await loadNativeSodium());
}

function sodiumGroup(native: NativeSodium): SodiumGroup {
  const scratch = native._malloc(SCRATCH_LENGTH);

  /** Writes each argument to its place, runs `call`, gives a copy of the first 32 bytes, wipes everything. */
  function run(field: string, args: readonly (readonly [place: number, bytes: Bytes])[], call: () => number): Bytes {
    const area = (): Uint8Array => native.HEAPU8.subarray(scratch, scratch + SCRATCH_LENGTH);
    try {
      for (const [place, bytes] of args) area().set(bytes, place);
      if (call() !== 0) throw invalid(field, 'is not a canonical point or gives the identity');
      return area().slice(RESULT, LENGTH);
    } finally {
      area().fill(0);
    }
  }
  const at = (place: number): number => scratch + place;

  return {
    multiply(point, scalar) {
      if (point.length !== LENGTH) throw invalid('point', 'is not 32 bytes');
      requireScalars(scalar);
      return run(
        'point',
        [
          [FIRST, scalar],
          [SECOND, point],
        ],
        () => native._crypto_scalarmult_ristretto255(at(RESULT), at(FIRST), at(SECOND)),
      );
    },
    multiplyBase(scalar) {
      requireScalars(scalar);
      return run('scalar', [[FIRST, scalar]], () => native._crypto_scalarmult_ristretto255_base(at(RESULT), at(FIRST)));
    },
    reduceWide(wide) {
      if (wide.length !== 2 * LENGTH) throw invalid('wide', 'is not 64 bytes');
      return run('wide', [[FIRST, wide]], () => {
        native._crypto_core_ristretto255_scalar_reduce(at(RESULT), at(FIRST));
        return 0;
      });
    },
    multiplyAdd(a, b, c) {
      requireScalars(a, b, c);
      return run(
        'scalar',
        [
          [FIRST, a],
          [SECOND, b],
          [THIRD, c],
        ],
        () => {
          native._crypto_core_ristretto255_scalar_mul(at(RESULT), at(FIRST), at(SECOND));
          native._crypto_core_ristretto255_scalar_add(at(RESULT), at(RESULT), at(THIRD));
          return 0;
        },
      );
    },
    sha512: (input) => new Uint8Array(hash('sha512', input, 'buffer')),
    isPoint(bytes) {
      if (bytes.length !== LENGTH || bytes.every((byte) => byte === 0)) return false;
      native.HEAPU8.set(bytes, at(FIRST));
      return native._crypto_core_ristretto255_is_valid_point(at(FIRST)) === 1;
    },
  };
}

/** libsodium takes unreduced scalars without a word. */
function requireScalars(...scalars: readonly Bytes[]): void {
  if (!scalars.every(isScalar)) throw invalid('scalar', 'is zero or not reduced');
}
