import { FormatError } from '../errors/format-error.js';
import { TILE_WIDTH } from './tile-path.js';

/** The length of an entry is a u16: C2SP tlog-tiles. */
export const MAX_ENTRY_BYTES = 65_535;

/** One to 256 log entries, each after its length in two bytes, big-endian. @throws FormatError */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  refuseCount(entries.length);
  if (entries.some((entry) => entry.length > MAX_ENTRY_BYTES)) throw new FormatError('entry', 'is too long');
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  const view = new DataView(bundle.buffer);
  let offset = 0;
  for (const entry of entries) {
    view.setUint16(offset, entry.length);
    bundle.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bundle;
}

/**
 * The entries of a bundle, each a copy. That they are `width` many and hash to the tile of level 0 is the caller's to check.
 * @throws FormatError when a length leads past the end, or there are no or too many entries
 */
export function parseEntryBundle(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.length);
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset < bundle.length) {
    const start = offset + 2;
    const end = start <= bundle.length ? start + view.getUint16(offset) : start;
    if (end > bundle.length) throw new FormatError('entry bundle', 'is cut short');
    entries.push(bundle.slice(start, end));
    refuseCount(entries.length);
    offset = end;
  }
  refuseCount(entries.length);
  return entries;
}

function refuseCount(count: number): void {
  if (count < 1 || count > TILE_WIDTH) throw new FormatError('entry bundle', 'does not hold 1 to 256 entries');
}
