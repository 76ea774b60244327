import { describe, expect, it } from '@jest/globals';
import { decidedJson, decidedSchema } from '@strongroom/contracts';
import { z } from 'zod';
import type { Decided } from '../fleet/decided.js';
import { fromText, toText } from './base64url.js';
import { fromDecidedJson, toDecidedJson } from './decided-json.js';
import { parsed } from './parsed.js';

const decided: Decided = {
  index: 4,
  value: Uint8Array.of(1, 2, 3, 255),
  votes: [
    {
      node: 2,
      incarnation: 1,
      sequence: 9,
      previous: new Uint8Array(32).fill(3),
      statement: Uint8Array.of(9),
      leafIndex: 1,
      treeSize: 2,
      path: [new Uint8Array(32).fill(4)],
      signature: new Uint8Array(64).fill(5),
    },
  ],
};

describe('a decided index', () => {
  it('comes back the same from its JSON, which fits the contract', () => {
    const json = decidedJson.parse(JSON.parse(JSON.stringify(toDecidedJson(decided))));
    expect(decidedSchema.parse(fromDecidedJson(json, 'decided'))).toEqual(decided);
  });

  it('is refused with the member that is not canonical', () => {
    const json = { ...toDecidedJson(decided), value: 'AB' };
    expect(() => fromDecidedJson(json, 'decided')).toThrow(expect.objectContaining({ metadata: { field: 'decided.value' } }));
  });
});

describe('base64url', () => {
  it.each(['AB', 'A', 'AAAAA', 'AA=='])('refuses %j, which is not the text of its bytes', (text) => {
    expect(() => fromText(text, 'x')).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', metadata: { field: 'x' } }));
  });

  it('encodes the bytes of a view and no others', () => {
    const view = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);
    expect([...fromText(toText(view), 'x')]).toEqual([2, 3]);
  });
});

describe('a parsed body', () => {
  const schema = z.strictObject({ a: z.strictObject({ b: z.array(z.int()) }) });

  it.each([
    [{ a: { b: [1, 'x'] } }, 'a.b.1'],
    [{ a: {} }, 'a.b'],
    [{ a: { b: [] }, secret: 1 }, 'body'],
    [null, 'body'],
    ['text', 'body'],
  ])('names the field of %j', (value, field) => {
    expect(() => parsed(schema, value)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', metadata: { field } }));
  });

  it('never repeats what the client sent', () => {
    const attempt = (): unknown => parsed(schema, { a: { b: ['hunter2'] }, hunter2: 'hunter2' });
    expect(attempt).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }));
    expect(() => parsed(schema, { a: { b: [] }, hunter2: 1 })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});
