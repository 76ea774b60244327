import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import {
  combinePoints,
  coreHpke,
  deal,
  generateHpkeKeyPair,
  nobleGroup,
  openSecret,
  randomScalar,
  verifyDleq,
  type Bytes,
} from '@strongroom/protocol';
import { SealedShareVault } from '../shares/sealed-share-vault.js';
import { MemoryKeySlots } from '../storage/memory-key-slots.js';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import type { DecidedAttempt } from './evaluator.js';
import { ShareEvaluator } from './share-evaluator.js';
import { loadSodiumGroup, type SodiumGroup } from './sodium-group.js';

const random = new SystemRandom();
const uid = new Uint8Array(32).fill(1);
const recordHash = new Uint8Array(32).fill(2);
const attempt: DecidedAttempt = {
  fleetId: 'main',
  epoch: 1,
  node: 1,
  uid,
  ver: 1,
  index: 3,
  attemptId: new Uint8Array(32).fill(4),
  recordHash,
};
const unknown: unknown = expect.objectContaining({ code: 'RECORD_UNKNOWN' });

let group: SodiumGroup;
beforeAll(async () => {
  group = await loadSodiumGroup();
});

let evaluator: ShareEvaluator;
let k: Bytes;
let s: Bytes;
let blinded: Bytes;
beforeEach(async () => {
  const slots = new MemoryKeySlots(random);
  const vault = await SealedShareVault.open({ store: new MemoryNodeStore(), slots, clock: { nowMs: () => 1 }, random });
  [k, s] = [randomScalar(random), randomScalar(random)];
  await vault.stage({ uid, recordHash, ver: 1, record: new Uint8Array(8), sealed: [], share: Uint8Array.of(...k, ...s) });
  evaluator = new ShareEvaluator(vault, group, random);
  blinded = nobleGroup.multiplyBase(randomScalar(random));
});

describe('an evaluation', () => {
  it('is the share times the blinded point, with a proof for this attempt alone', () => {
    const evaluation = evaluator.evaluate(attempt, blinded);
    const [evaluated, proof] = [evaluation.subarray(0, 32), evaluation.subarray(32)];
    const statement = { publicShare: nobleGroup.multiplyBase(k), blinded, evaluated, context: attempt };
    expect(evaluation).toHaveLength(96);
    expect(evaluated).toEqual(nobleGroup.multiply(blinded, k));
    expect(verifyDleq(statement, proof)).toBe(true);
    for (const change of [
      { index: 4 },
      { ver: 2 },
      { node: 2 },
      { epoch: 2 },
      { fleetId: 'other' },
      { attemptId: uid },
      { uid: recordHash },
    ]) {
      expect(verifyDleq({ ...statement, context: { ...attempt, ...change } }, proof)).toBe(false);
    }
  });

  it('combines with others to what the whole secret gives', () => {
    const secret = randomScalar(random);
    const { shares } = deal(secret, 2, 3, random);
    const points = [1, 3].map((index) => ({ index, point: group.multiply(blinded, shares[index - 1] ?? secret) }));
    expect(combinePoints(points)).toEqual(nobleGroup.multiply(blinded, secret));
  });

  it.each([
    ['the identity', new Uint8Array(32)],
    ['no point', new Uint8Array(32).fill(0xff)],
    ['too short', new Uint8Array(31)],
  ])('refuses %s', (_name, point) => {
    expect(() => evaluator.evaluate(attempt, point)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', metadata: { field: 'blinded' } }),
    );
  });

  it('is refused for a version that the node does not hold', () => {
    expect(() => evaluator.evaluate({ ...attempt, recordHash: uid }, blinded)).toThrow(unknown);
  });
});

describe('a released secret', () => {
  it('opens with the key of the attempt, for this attempt alone', async () => {
    const ephemeral = await generateHpkeKeyPair(random);
    const sealed = await evaluator.releaseSecret(attempt, ephemeral.publicKey);
    expect(sealed).toHaveLength(80);
    expect(await openSecret(coreHpke, ephemeral, sealed, attempt)).toEqual(s);
    await expect(openSecret(coreHpke, ephemeral, sealed, { ...attempt, index: 4 })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('is refused for a version that the node does not hold', async () => {
    await expect(evaluator.releaseSecret({ ...attempt, uid: recordHash }, blinded)).rejects.toThrow(unknown);
  });
});
