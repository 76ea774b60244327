import { toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { formatVkey, parseVkey, type Vkey } from '../vkey/vkey.js';

/** Whose signatures a fleet needs before a bundle may announce it (TRANSPARENCY 5): `threshold` of them. */
export type Custodians = { readonly threshold: number; readonly keys: readonly Vkey[] };

const MAX_CUSTODIANS = 16;

/** As the trust root writes it. */
export function custodiansDocument({ threshold, keys }: Custodians): { readonly threshold: number; readonly keys: readonly string[] } {
  return { threshold, keys: keys.map(formatVkey) };
}

/** Grammar alone; the rules are `refuseCustodians`. @throws FormatError */
export function readCustodians(threshold: unknown, keys: unknown): Custodians {
  if (typeof threshold !== 'number' || !Array.isArray(keys) || keys.length > MAX_CUSTODIANS) {
    throw new FormatError('custodians', 'are not a threshold and keys');
  }
  return {
    threshold,
    keys: keys.map((key: unknown) => {
      if (typeof key !== 'string') throw new FormatError('custodians', 'has a key that is not a string');
      return parseVkey(key);
    }),
  };
}

/** @param roles the other keys of the trust root: a custodian is nobody else. @throws FormatError */
export function refuseCustodians({ threshold, keys }: Custodians, roles: readonly Vkey[]): void {
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > keys.length) {
    throw new FormatError('custodians', 'the threshold is not from 1 to the number of keys');
  }
  const all = [...keys, ...roles];
  // One person under two names, or an operator among the custodians, would count twice.
  if (
    new Set(all.map(({ name }) => name)).size !== all.length ||
    new Set(all.map(({ publicKey }) => toHex(publicKey))).size !== all.length
  ) {
    throw new FormatError('custodians', 'a name or key stands there twice, or belongs to another role');
  }
}
