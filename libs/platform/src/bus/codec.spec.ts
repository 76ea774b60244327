import { describe, expect, it } from '@jest/globals';
import { bytes, defineRpc } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import { z } from 'zod';
import { decodeAnswer, decodeMessage, encodeAnswer, encodeMessage, encodeRefusal } from './codec.js';

const contract = defineRpc({
  owner: 'hsm-node',
  capability: 'attempt',
  verb: 'propose',
  version: 1,
  addressed: false,
  timeoutMs: 100,
  maxBytes: 64,
  summary: 'For this test.',
  request: z.strictObject({ id: bytes(4), note: z.string().optional() }),
  response: z.strictObject({ id: bytes(4) }),
});
const id = Uint8Array.of(1, 2, 3, 4);
const { request, maxBytes } = contract;

describe('a message', () => {
  it('comes back as it was, without fields that are undefined', () => {
    const packed = encodeMessage({ id, note: undefined }, maxBytes);
    expect(decodeMessage(packed, maxBytes, request)).toStrictEqual({ id });
  });

  it('is refused when too long, before it is read', () => {
    const notEvenMsgpack = new Uint8Array(maxBytes + 1).fill(0xc1);
    expect(() => decodeMessage(notEvenMsgpack, maxBytes, request)).toThrow('longer than 64 bytes');
    expect(() => encodeMessage({ id, note: 'x'.repeat(64) }, maxBytes)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });

  it('is refused by the name of the field and never shows the value', () => {
    const wrong = encodeMessage({ id: 'hunter2' }, maxBytes);
    expect(() => decodeMessage(wrong, maxBytes, request)).toThrow(expect.objectContaining({ metadata: { field: 'id' } }));
    expect(() => decodeMessage(wrong, maxBytes, request)).not.toThrow('hunter2');
  });

  it('is refused with an unknown key', () => {
    const more = encodeMessage({ id, extra: 1 }, maxBytes);
    expect(() => decodeMessage(more, maxBytes, request)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });
});

describe('an answer', () => {
  it('carries the response', () => {
    expect(decodeAnswer(encodeAnswer({ id }, maxBytes), contract)).toEqual({ id });
  });

  it('carries a refusal with code and metadata', () => {
    const refusal = encodeRefusal(new VaultError('RATE_LIMITED', 'later', { retryAtMs: 7 }));
    expect(() => decodeAnswer(refusal, contract)).toThrow(
      expect.objectContaining({ code: 'RATE_LIMITED', message: 'later', metadata: { retryAtMs: 7 } }),
    );
  });

  it.each([
    ['not MessagePack', Uint8Array.of(0xc1)],
    ['empty', new Uint8Array(0)],
    ['no map', encodeMessage(5, 64)],
    ['neither ok nor error', encodeMessage({ other: 1 }, 64)],
    ['a response of the wrong shape', encodeAnswer({ id: 5 }, 64)],
    ['a code that does not exist', encodeMessage({ error: { code: 'X', message: '', metadata: {} } }, 64)],
    ['far too long', new Uint8Array(1 << 20)],
  ])('that is %s is INTERNAL and names the contract', (_, payload) => {
    expect(() => decodeAnswer(payload, contract)).toThrow(
      expect.objectContaining({ code: 'INTERNAL', metadata: { subject: contract.subject } }),
    );
  });

  it('that is too long is not sent', () => {
    expect(() => encodeAnswer({ id: new Uint8Array(100) }, maxBytes)).toThrow(RangeError);
  });
});
