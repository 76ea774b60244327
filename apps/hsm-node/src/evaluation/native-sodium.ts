import sodium from 'libsodium-wrappers-sumo';

type Call = (...pointersAndLengths: number[]) => number;

/** libsodium's own functions over its WASM memory: arguments are addresses in it. */
export interface NativeSodium {
  /** Another array whenever the memory grows: read it anew for every call. */
  readonly HEAPU8: Uint8Array;
  readonly _malloc: Call;
  readonly _crypto_core_ristretto255_is_valid_point: Call;
  readonly _crypto_core_ristretto255_scalar_add: Call;
  readonly _crypto_core_ristretto255_scalar_mul: Call;
  readonly _crypto_core_ristretto255_scalar_reduce: Call;
  readonly _crypto_scalarmult_ristretto255: Call;
  readonly _crypto_scalarmult_ristretto255_base: Call;
}

const FUNCTIONS = [
  '_malloc',
  '_crypto_core_ristretto255_is_valid_point',
  '_crypto_core_ristretto255_scalar_add',
  '_crypto_core_ristretto255_scalar_mul',
  '_crypto_core_ristretto255_scalar_reduce',
  '_crypto_scalarmult_ristretto255',
  '_crypto_scalarmult_ristretto255_base',
] as const;

/** @throws TypeError when the installed libsodium does not look as expected */
export async function loadNativeSodium(): Promise<NativeSodium> {
  await sodium.ready;
  const native: unknown = Reflect.get(sodium, 'libsodium');
  if (!isNativeSodium(native)) throw new TypeError('this libsodium does not offer its ristretto255 functions');
  return native;
}

function isNativeSodium(value: unknown): value is NativeSodium {
  if (typeof value !== 'object' || value === null) return false;
  return ArrayBuffer.isView(Reflect.get(value, 'HEAPU8')) && FUNCTIONS.every((name) => typeof Reflect.get(value, name) === 'function');
}
