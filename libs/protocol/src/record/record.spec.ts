import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concat, toHex } from '../encoding/bytes.js';
import { refusal } from '../vectors/refusal.js';
import { sampleFleet } from '../vectors/samples.js';
import { encodeRecord, parseRecord, recordHash } from './record-codec.js';
import type { VaultRecord } from './record.js';

const { record } = await sampleFleet(3, 5);
const bytes = encodeRecord(record);

describe('records', () => {
  it('come back from their encoding as they were', () => {
    const field = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
    const arbitrary = fc
      .tuple(field(32), fc.integer({ min: 1, max: 0xffffffff }), field(96), field(60), fc.maxSafeNat())
      .map(([uid, ver, envelope, wrapped, notAfterMs]): VaultRecord => ({
        ...record,
        uid,
        ver,
        envelope,
        wrapped,
        notAfterMs,
      }));
    fc.assert(
      fc.property(arbitrary, (any) => {
        expect(parseRecord(encodeRecord(any))).toEqual(any);
        expect(recordHash(parseRecord(encodeRecord(any)))).toEqual(recordHash(any));
      }),
      { numRuns: 50 },
    );
  });

  it('are refused at every truncation and with a trailing byte', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(() => parseRecord(bytes.subarray(0, length), () => true))).toMatch(/^REQUEST_INVALID /);
    }
    expect(refusal(() => parseRecord(concat(bytes, Uint8Array.of(0))))).toBe('REQUEST_INVALID record');
  });

  it('have another hash with any byte changed, or are refused', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const outcome = refusal(() => {
          const parsed = parseRecord(changed);
          expect(encodeRecord(parsed)).toEqual(changed);
          expect(toHex(recordHash(parsed))).not.toBe(toHex(recordHash(record)));
        });
        expect(outcome).toMatch(/^(accepted|REQUEST_INVALID .+)$/);
      }),
      { numRuns: 300 },
    );
  });
});
