import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { bytes, bytesUpTo, defineBroadcast, defineEvent, defineRpc, fleetIdSchema, nodeIndexSchema, subjectOf } from './index.js';

const limits = { version: 1 as const, timeoutMs: 1000, maxBytes: 1024, summary: 'For this test.' };
const name = { owner: 'hsm-node', capability: 'attempt', verb: 'propose' };
const empty = z.strictObject({});
const call = defineRpc({ ...limits, ...name, addressed: true, request: empty, response: empty });

describe('a contract', () => {
  it('names its subject after owner, capability, verb and version', () => {
    expect(call.subject).toBe('strongroom.rpc.hsm-node.attempt.propose.v1');
    expect(subjectOf(call, 'main-1')).toBe('strongroom.rpc.hsm-node.attempt.propose.v1.main-1');
  });

  it.each(['*', '>', 'a.b', 'a b', '', 'A', '-a', 'a-', `${'a'.repeat(64)}`, 'a\n'])('refuses the token %j', (token) => {
    expect(() => subjectOf(call, token)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', metadata: { field: 'token' } }));
  });

  it('wants a token exactly when it is addressed', () => {
    const queued = defineRpc({ ...limits, ...name, addressed: false, request: empty, response: empty });
    expect(() => subjectOf(call)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    expect(() => subjectOf(queued, 'main-1')).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    expect(subjectOf(queued)).toBe(queued.subject);
  });

  it('refuses a request or broadcast that lets unknown keys through, and an event that does not', () => {
    const loose = z.object({});
    expect(() => defineRpc({ ...limits, ...name, addressed: false, request: loose, response: empty })).toThrow(TypeError);
    expect(() => defineRpc({ ...limits, ...name, addressed: false, request: z.union([empty, loose]), response: empty })).toThrow(TypeError);
    expect(() => defineBroadcast({ ...limits, ...name, message: loose })).toThrow(TypeError);
    expect(() => defineEvent({ ...name, version: 1, summary: '', data: empty })).toThrow(TypeError);
  });

  it('refuses a name that is not a subject token', () => {
    expect(() => defineEvent({ ...name, verb: 'a.b', version: 1, summary: '', data: z.object({}) })).toThrow(TypeError);
  });
});

describe('schemas', () => {
  it('takes a Buffer and gives a plain Uint8Array whose slice is a copy', () => {
    const out = bytes(3).parse(Buffer.from([1, 2, 3]));
    expect(Buffer.isBuffer(out)).toBe(false);
    expect([...out]).toEqual([1, 2, 3]);
  });

  it.each([new Uint8Array(2), new Uint8Array(4), [1, 2, 3], 'abc', new Uint16Array(3), null])('refuses %j as 3 bytes', (value) => {
    expect(bytes(3).safeParse(value).success).toBe(false);
  });

  it('takes up to the named number of bytes', () => {
    expect(bytesUpTo(2).safeParse(new Uint8Array(0)).success).toBe(true);
    expect(bytesUpTo(2).safeParse(new Uint8Array(2)).success).toBe(true);
    expect(bytesUpTo(2).safeParse(new Uint8Array(3)).success).toBe(false);
  });

  it('shows bytes in a JSON Schema', () => {
    expect(z.toJSONSchema(bytes(3), { unrepresentable: 'any' })).toMatchObject({ format: 'binary', minBytes: 3, maxBytes: 3 });
  });

  it.each([
    ['main', true],
    ['a', true],
    ['a'.repeat(32), true],
    ['a'.repeat(33), false],
    ['a-', false],
    ['Main', false],
    ['a.b', false],
    ['', false],
  ])('judges the fleet id %j as %j', (id, ok) => expect(fleetIdSchema.safeParse(id).success).toBe(ok));

  it.each([
    [1, true],
    [32, true],
    [0, false],
    [33, false],
    [1.5, false],
  ])('judges the node index %j as %j', (index, ok) => expect(nodeIndexSchema.safeParse(index).success).toBe(ok));
});
