import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nativeVerifier, nodeSigners, rosterOf } from '../account-log/account.fixture.js';
import { equal, utf8, type Bytes } from '../encoding/bytes.js';
import { openBatch, signBatch, verifySignedStatement, type BatchHead, type SignedStatement } from './signed-statement.js';

const roster = rosterOf(5, 3);
const head: BatchHead = { node: 2, incarnation: 4, sequence: 9, previous: new Uint8Array(32).fill(3) };
const refusal = expect.objectContaining({ code: 'NODE_MISBEHAVED' });
const signer = nodeSigners[1] ?? fail();

const sign = (statements: readonly Bytes[]) => signBatch(roster, head, statements, signer);
const flip = (bytes: Bytes, bit: number) => bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
const verify = (signed: SignedStatement, fleet = roster) => verifySignedStatement(signed, fleet, nativeVerifier);

describe('a signed batch', () => {
  it('lets every statement travel alone', () => {
    const property = fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 17 }), (statements) => {
      for (const signed of sign(statements).statements) verify(signed);
    });
    fc.assert(property, { numRuns: 30 });
  });

  it('opens to the statements that its signer laid out', () => {
    const statements = [utf8('a'), utf8('b'), utf8('c')];
    const batch = sign(statements);
    expect(openBatch(roster, head, statements, batch.signature, nativeVerifier)).toEqual(batch);
  });

  it('does not open with a statement changed, added, left out or moved', () => {
    const statements = [utf8('a'), utf8('b'), utf8('c')];
    const { signature } = sign(statements);
    const changed = [
      [utf8('a'), utf8('b'), utf8('x')],
      [...statements, utf8('c')],
      statements.slice(0, 2),
      [utf8('b'), utf8('a'), utf8('c')],
    ];
    for (const other of changed) expect(() => openBatch(roster, head, other, signature, nativeVerifier)).toThrow(refusal);
  });

  it('fails for every flipped bit of a path', () => {
    const signed = sign(Array.from({ length: 6 }, (_, i) => utf8(`s${i}`))).statements[4] ?? fail();
    expect(signed.path.length).toBeGreaterThan(1);
    for (const [step, node] of signed.path.entries()) {
      for (let bit = 0; bit < node.length * 8; bit++) {
        expect(() => verify({ ...signed, path: signed.path.map((old, i) => (i === step ? flip(node, bit) : old)) })).toThrow(refusal);
      }
    }
  });

  it('fails with any other fact of its head, statement or signature', () => {
    const signed = sign([utf8('a'), utf8('b')]).statements[0] ?? fail();
    const others: Partial<SignedStatement>[] = [
      { node: 3 },
      { node: 6 },
      { incarnation: 5 },
      { sequence: 8 },
      { previous: new Uint8Array(32) },
      { statement: utf8('b') },
      { leafIndex: 1 },
      { leafIndex: 2 },
      { treeSize: 3 },
      { treeSize: 1 },
      { path: [] },
      { path: [...signed.path, ...signed.path] },
      { signature: flip(signed.signature, 77) },
      { signature: signed.signature.slice(1) },
    ];
    for (const other of others) expect(() => verify({ ...signed, ...other })).toThrow(refusal);
  });

  it('does not count in another epoch or fleet', () => {
    const signed = sign([utf8('a')]).statements[0] ?? fail();
    expect(() => verify(signed, { ...roster, epoch: 2 })).toThrow(refusal);
    expect(() => verify(signed, { ...roster, fleetId: 'eu-2' })).toThrow(refusal);
  });

  it('names a different hash for every batch', () => {
    expect(equal(sign([utf8('a')]).hash, sign([utf8('b')]).hash)).toBe(false);
  });
});

function fail(): never {
  throw new Error('no sample');
}
