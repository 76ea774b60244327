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
export function readCustodians(threshold: number, keys: readonly string[]): Custodians {
  if (keys.length > MAX_CUSTODIANS) throw new FormatError('custodians', `are more than ${MAX_CUSTODIANS}`);
  return { threshold, keys: keys.map(parseVkey) };
}

/** That none of them is anybody else is a rule of the whole trust root. @throws FormatError */
export function refuseCustodians({ threshold, keys }: Custodians): void {
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > keys.length || keys.length > MAX_CUSTODIANS) {
    throw new FormatError('custodians', 'the threshold is not from 1 to the number of keys');
  }
}
