import { concat, splitForRepair, sumScalars, VaultError, type Bytes, type RandomSource, type ScalarGroup } from '@strongroom/protocol';

/** Two scalars that travel together, 64 bytes: one of the key share, one of the secret share. Whoever holds one wipes it. */
const HALF = 32;

/** `coefficient` times both shares, as `count` pairs that add up to it. The shares are the vault's to wipe. */
export function dealPairs(
  group: ScalarGroup,
  keyShare: Bytes,
  secretShare: Bytes,
  coefficient: Bytes,
  count: number,
  random: RandomSource,
): readonly Bytes[] {
  const keys = splitForRepair(group, keyShare, coefficient, count, random);
  const secrets = splitForRepair(group, secretShare, coefficient, count, random);
  const pairs = keys.map((key, i) => concat(key, secrets[i] ?? new Uint8Array(HALF)));
  wipe([...keys, ...secrets]);
  return pairs;
}

/** @throws REQUEST_INVALID for a pair that is no two scalars */
export function addPairs(group: ScalarGroup, pairs: readonly Bytes[]): Bytes {
  if (pairs.some(({ length }) => length !== 2 * HALF))
    throw new VaultError('REQUEST_INVALID', 'a summand is not 64 bytes', { field: 'sealed' });
  const key = sumScalars(
    group,
    pairs.map((pair) => pair.subarray(0, HALF)),
  );
  const secret = sumScalars(
    group,
    pairs.map((pair) => pair.subarray(HALF)),
  );
  const sum = concat(key, secret);
  wipe([key, secret]);
  return sum;
}

export function wipe(secrets: readonly Bytes[]): void {
  for (const secret of secrets) secret.fill(0);
}
