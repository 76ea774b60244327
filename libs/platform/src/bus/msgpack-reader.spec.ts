import { describe, expect, it } from '@jest/globals';
import { Packr } from 'msgpackr';
import { readMsgpack } from './msgpack-reader.js';

const packr = new Packr({ useRecords: false, moreTypes: false });
const refusal = expect.objectContaining({ code: 'REQUEST_INVALID', metadata: { field: 'message' } });

function nested(depth: number): Uint8Array {
  return Uint8Array.from([...Array.from({ length: depth }, () => 0x91), 0xc0]);
}

describe('readMsgpack', () => {
  it.each([
    null,
    true,
    false,
    0,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    -1,
    -32,
    -33,
    -129,
    -32_769,
    -(2 ** 31),
    1.5,
    -0.25,
    '',
    'ascii',
    'ä€😀',
    'x'.repeat(31),
    'x'.repeat(32),
    'ä'.repeat(200),
    'x'.repeat(70_000),
    [],
    [1, [2, [3]]],
    {},
    { a: 1, b: { c: [true, null] } },
    Array.from({ length: 20 }, (_, i) => i),
    Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, i])),
  ])('reads what was packed: %#', (value) => {
    expect(readMsgpack(packr.pack(value))).toEqual(value);
  });

  it.each([0, 1, 255, 256, 65_535, 65_536])('reads %i bytes as a plain copy', (length) => {
    const packed = packr.pack(new Uint8Array(length).fill(7));
    const read = readMsgpack(packed);
    packed.fill(0);
    expect(Buffer.isBuffer(read)).toBe(false);
    expect(read).toEqual(new Uint8Array(length).fill(7));
  });

  it('refuses every truncation and every trailing byte', () => {
    const whole = packr.pack({ text: 'ä'.repeat(30), bytes: new Uint8Array(40), list: [1, 2 ** 40, -5, 1.5], map: { x: null } });
    for (let end = 0; end < whole.length; end++) expect(() => readMsgpack(whole.subarray(0, end))).toThrow(refusal);
    expect(() => readMsgpack(Buffer.concat([whole, Buffer.of(0)]))).toThrow(refusal);
  });

  it.each([
    ['a reserved byte', [0xc1]],
    ['an extension', [0xc7, 1, 0x72, 0]],
    ['a fixed extension, as of undefined or a record', [0xd4, 0x72, 0x40]],
    ['a timestamp', [0xd6, 0xff, 0, 0, 0, 0]],
    ['an array that claims more than follows', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['a map that claims more than follows', [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ['bytes that claim more than follows', [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ['text that claims more than follows', [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ['a number above 2^53', [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['a number below -2^53', [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]],
    ['a key that is a number', [0x81, 1, 1]],
    ['a key that is a map', [0x81, 0x80, 1]],
    ['a key twice', [0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2]],
    ['text that is not UTF-8', [0xa2, 0xc3, 0x28]],
    ['text with an overlong encoding', [0xa2, 0xc0, 0x80]],
  ])('refuses %s', (_, bytes) => {
    expect(() => readMsgpack(Uint8Array.from(bytes))).toThrow(refusal);
  });

  it('refuses a key that would change the prototype', () => {
    const bytes = Buffer.concat([Buffer.of(0x81, 0xa9), Buffer.from('__proto__'), Buffer.of(0x80)]);
    expect(() => readMsgpack(bytes)).toThrow(refusal);
  });

  it('reads sixteen levels and refuses more, however deep', () => {
    expect(readMsgpack(nested(16))).toBeDefined();
    expect(() => readMsgpack(nested(17))).toThrow(refusal);
    expect(() => readMsgpack(nested(500_000))).toThrow(refusal);
  });

  it('refuses more items than a message of ours ever has', () => {
    const many = Buffer.concat([Buffer.of(0xdd, 0, 1, 0x86, 0xa0), Buffer.alloc(100_000, 0xc0)]);
    expect(() => readMsgpack(many)).toThrow(refusal);
  });
});
