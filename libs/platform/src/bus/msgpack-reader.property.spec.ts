import { describe, expect, it } from '@jest/globals';
import { VaultError } from '@strongroom/protocol';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { readMsgpack } from './msgpack-reader.js';

const packr = new Packr({ useRecords: false, moreTypes: false });

describe('readMsgpack, for any input', () => {
  it('gives back what was packed', () => {
    const value = fc.jsonValue({ maxDepth: 4, noUnicodeString: false }).filter((json) => !JSON.stringify(json).includes('__proto__'));
    // Whole numbers are packed as integers, which know one zero, as JSON does.
    const oneZero = (json: unknown): unknown => JSON.parse(JSON.stringify(json));
    fc.assert(fc.property(value, (json) => expect(readMsgpack(packr.pack(json))).toEqual(oneZero(json))));
  });

  it('answers random bytes with a value or REQUEST_INVALID, never with another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readMsgpack(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(VaultError);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
