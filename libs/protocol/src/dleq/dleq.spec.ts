import { describe, expect, it } from '@jest/globals';
import type { Bytes } from '../encoding/bytes.js';
import { nobleGroup } from '../group/noble-group.js';
import { numberToScalar } from '../group/scalar.js';
import { randomScalar } from '../sharing/deal.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { proveDleq, verifyDleq, type DleqStatement } from './dleq.js';
import type { EvaluationContext } from './evaluation-context.js';

const random = seededRandom('dleq');
const share = randomScalar(random);
const blinded = nobleGroup.multiplyBase(randomScalar(random));
const context: EvaluationContext = {
  fleetId: 'eu-1',
  epoch: 2,
  node: 3,
  uid: random.bytes(32),
  ver: 4,
  index: 5,
  attemptId: random.bytes(32),
};
const statement: DleqStatement = {
  publicShare: nobleGroup.multiplyBase(share),
  blinded,
  evaluated: nobleGroup.multiply(blinded, share),
  context,
};
const proof = proveDleq(nobleGroup, { ...statement, share }, random);
const otherPoint = nobleGroup.multiplyBase(randomScalar(random));

const otherContexts: readonly Partial<EvaluationContext>[] = [
  { fleetId: 'eu-2' },
  { epoch: 3 },
  { node: 4 },
  { uid: new Uint8Array(32) },
  { ver: 5 },
  { index: 6 },
  { attemptId: new Uint8Array(32) },
];

describe('DLEQ proofs', () => {
  it('convince for the share that was used', () => {
    expect(verifyDleq(statement, proof)).toBe(true);
  });

  it.each(otherContexts)('are bound to the context: %j', (change) => {
    expect(verifyDleq({ ...statement, context: { ...context, ...change } }, proof)).toBe(false);
  });

  it.each(['publicShare', 'blinded', 'evaluated'] as const)('are bound to %s', (field) => {
    expect(verifyDleq({ ...statement, [field]: otherPoint }, proof)).toBe(false);
    expect(verifyDleq({ ...statement, [field]: new Uint8Array(32) }, proof)).toBe(false);
    expect(verifyDleq({ ...statement, [field]: new Uint8Array(31) }, proof)).toBe(false);
  });

  it('cannot be made by a node that lies in its evaluation', () => {
    const lie: DleqStatement = { ...statement, evaluated: otherPoint };
    expect(verifyDleq(lie, proveDleq(nobleGroup, { ...lie, share }, random))).toBe(false);
    const other = randomScalar(random);
    const wrongShare: DleqStatement = { ...statement, evaluated: nobleGroup.multiply(blinded, other) };
    expect(verifyDleq(wrongShare, proveDleq(nobleGroup, { ...wrongShare, share: other }, random))).toBe(false);
  });

  it('are refused with any bit flipped, cut short, prolonged, or with a zero or unreduced scalar', () => {
    for (let bit = 0; bit < 512; bit += 11) {
      const flipped = Uint8Array.from(proof);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyDleq(statement, flipped)).toBe(false);
    }
    expect(verifyDleq(statement, proof.subarray(0, 63))).toBe(false);
    expect(verifyDleq(statement, Uint8Array.from([...proof, 0]))).toBe(false);
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(255)]) {
      for (const half of [0, 32]) {
        const changed = Uint8Array.from(proof);
        changed.set(bad, half);
        expect(verifyDleq(statement, changed)).toBe(false);
      }
    }
  });

  it('never reuse a nonce for two statements, even when the random source repeats itself', () => {
    const stuck = { bytes: (length: number): Bytes => new Uint8Array(length) };
    const nonces: Bytes[] = [];
    const spy = {
      ...nobleGroup,
      multiplyBase: (scalar: Bytes): Bytes => (nonces.push(Uint8Array.from(scalar)), nobleGroup.multiplyBase(scalar)),
    };
    proveDleq(spy, { ...statement, share }, stuck);
    proveDleq(spy, { ...statement, share, context: { ...context, index: 6 } }, stuck);
    proveDleq(spy, { ...statement, share: numberToScalar(7n) }, stuck);
    expect(new Set(nonces.map(String)).size).toBe(3);
  });
});
