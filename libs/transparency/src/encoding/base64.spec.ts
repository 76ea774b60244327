import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromBase64, fromBase64Lenient, toBase64 } from './base64.js';

describe('base64', () => {
  it('writes what Node writes and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes), 'x')).toEqual(bytes);
      }),
    );
  });

  it.each(['A', 'AA', 'AAA', 'AA=', 'A===', '====', 'AAAA=', 'AA==AAAA', 'AA-_', 'AAAA\n', ' AAA', 'AA A', 'AAAA AAAA', 'AAé='])(
    'refuses %j, which Buffer.from accepts',
    (text) => {
      expect(() => fromBase64(text, 'x')).toThrow(expect.objectContaining({ field: 'x' }));
      expect(() => fromBase64Lenient(text, 'x')).toThrow(expect.objectContaining({ field: 'x' }));
    },
  );

  it('lets trailing bits pass only where asked to', () => {
    expect(fromBase64Lenient('QR==', 'x')).toEqual(Uint8Array.of(0x41));
    expect(() => fromBase64('QR==', 'x')).toThrow(expect.objectContaining({ field: 'x' }));
    expect(fromBase64Lenient('QUJ=', 'x')).toEqual(Uint8Array.of(0x41, 0x42));
    expect(() => fromBase64('QUJ=', 'x')).toThrow(expect.objectContaining({ field: 'x' }));
  });
});
