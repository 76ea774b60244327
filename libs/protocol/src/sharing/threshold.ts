import { invalid } from '../errors/protocol-error.js';

/** Node indices are 1 to 255: f(0) is the secret itself, so an index 0 would ask for it. */
export const INDEX_MAX = 255;

/** @throws REQUEST_INVALID naming `field` */
export function parseIndex(index: number, field = 'index'): number {
  if (!Number.isInteger(index) || index < 1 || index > INDEX_MAX) throw invalid(field, 'is not from 1 to 255');
  return index;
}

/** At least one index, all in range and none twice. @throws REQUEST_INVALID */
export function requireDistinct(indices: readonly number[]): void {
  if (indices.length === 0) throw invalid('index', 'is missing');
  for (const index of indices) parseIndex(index);
  if (new Set(indices).size !== indices.length) throw invalid('index', 'occurs twice');
}

/** @throws REQUEST_INVALID unless 1 <= threshold <= n <= 255 */
export function requireThreshold(threshold: number, n: number): void {
  parseIndex(n, 'n');
  parseIndex(threshold, 'threshold');
  if (threshold > n) throw invalid('threshold', 'is above n');
}
