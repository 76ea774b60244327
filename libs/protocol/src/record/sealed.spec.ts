import { describe, expect, it } from '@jest/globals';
import type { EvaluationContext } from '../dleq/evaluation-context.js';
import { concat, type Bytes } from '../encoding/bytes.js';
import { coreHpke } from '../hpke/core-hpke.js';
import { nobleGroup } from '../group/noble-group.js';
import { numberToScalar } from '../group/scalar.js';
import { refusal, refusalOf } from '../vectors/refusal.js';
import { sampleBackupKey, sampleFleet, sampleUid } from '../vectors/samples.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { recordHash } from './record-codec.js';
import { openSecret, sealSecret } from './sealed-secret.js';
import { checkShare, openSealedShare, sealedShareInfo, sealShare } from './sealed-share.js';
import { unwrapBackupKey, wrapBackupKey } from './wrapped-key.js';

const random = seededRandom('sealed');
const fleet = await sampleFleet(3, 5);
const hash = recordHash(fleet.record);
const info = sealedShareInfo('eu-1', 1, 1);
const [first, second] = fleet.nodes;
const sealed = fleet.sealed[0] ?? new Uint8Array(0);
if (first === undefined || second === undefined) throw new Error('no nodes');
const share = await openSealedShare(coreHpke, first, sealed, info, hash);

describe('sealed shares', () => {
  it('open for their node, fleet, epoch, index and record alone', async () => {
    const attempts: readonly (() => Promise<unknown>)[] = [
      () => openSealedShare(coreHpke, second, sealed, info, hash),
      () => openSealedShare(coreHpke, first, sealed, sealedShareInfo('eu-2', 1, 1), hash),
      () => openSealedShare(coreHpke, first, sealed, sealedShareInfo('eu-1', 2, 1), hash),
      () => openSealedShare(coreHpke, first, sealed, sealedShareInfo('eu-1', 1, 2), hash),
      () => openSealedShare(coreHpke, first, sealed, info, recordHash({ ...fleet.record, ver: 4 })),
      () => openSealedShare(coreHpke, first, sealed.subarray(1), info, hash),
      () => openSealedShare(coreHpke, first, concat(sealed, Uint8Array.of(0)), info, hash),
    ];
    for (const attempt of attempts) expect(await refusalOf(attempt())).toBe('REQUEST_INVALID sealed');
  });

  it('are refused when a scalar inside is zero or unreduced', async () => {
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(255)]) {
      for (const inside of [
        { ...share, keyShare: bad },
        { ...share, secretShare: bad },
      ]) {
        const wrong = await sealShare(coreHpke, first.publicKey, inside, info, hash, random);
        expect(await refusalOf(openSealedShare(coreHpke, first, wrong, info, hash))).toBe('REQUEST_INVALID share');
      }
    }
  });

  it('are checked against both rows of commitments', () => {
    const other = numberToScalar(7n);
    expect(refusal(() => checkShare(nobleGroup, fleet.record, 1, share))).toBe('accepted');
    expect(refusal(() => checkShare(nobleGroup, fleet.record, 2, share))).toBe('REQUEST_INVALID keyShare');
    expect(refusal(() => checkShare(nobleGroup, fleet.record, 1, { ...share, keyShare: other }))).toBe('REQUEST_INVALID keyShare');
    expect(refusal(() => checkShare(nobleGroup, fleet.record, 1, { ...share, secretShare: other }))).toBe('REQUEST_INVALID secretShare');
    const swapped = { ...fleet.record, secretCommitments: fleet.record.commitments };
    expect(refusal(() => checkShare(nobleGroup, swapped, 1, share))).toBe('REQUEST_INVALID secretShare');
  });
});

describe('secrets sealed to the attempt', () => {
  const context: EvaluationContext = { fleetId: 'eu-1', epoch: 1, node: 1, uid: sampleUid, ver: 3, index: 9, attemptId: hash };
  const changes: readonly Partial<EvaluationContext>[] = [
    { fleetId: 'eu-2' },
    { epoch: 2 },
    { node: 2 },
    { uid: hash },
    { ver: 4 },
    { index: 10 },
    { attemptId: sampleUid },
  ];

  it.each(changes)('open for no other attempt: %j', async (change) => {
    const out = await sealSecret(coreHpke, second.publicKey, share.secretShare, context, random);
    expect(await openSecret(coreHpke, second, out, context)).toEqual(share.secretShare);
    expect(await refusalOf(openSecret(coreHpke, second, out, { ...context, ...change }))).toBe('REQUEST_INVALID sealed');
    expect(await refusalOf(openSecret(coreHpke, second, out.subarray(1), context))).toBe('REQUEST_INVALID sealed');
  });

  it('are refused when the node sealed no scalar', async () => {
    const out = await sealSecret(coreHpke, second.publicKey, new Uint8Array(32), context, random);
    expect(await refusalOf(openSecret(coreHpke, second, out, context))).toBe('REQUEST_INVALID secretShare');
  });
});

describe('the wrapped backup key', () => {
  const exportKey = random.bytes(64);
  const secret = random.bytes(32);
  const wrapped = wrapBackupKey(sampleBackupKey, exportKey, secret, fleet.record, random);
  const record = { ...fleet.record, wrapped };

  it('needs the export key, s, and the account and version it was made for', () => {
    expect(unwrapBackupKey(record, exportKey, secret)).toEqual(sampleBackupKey);
    const attempts: readonly (() => Bytes)[] = [
      () => unwrapBackupKey(record, random.bytes(64), secret),
      () => unwrapBackupKey(record, exportKey, random.bytes(32)),
      () => unwrapBackupKey({ ...record, uid: hash }, exportKey, secret),
      () => unwrapBackupKey({ ...record, ver: 4 }, exportKey, secret),
      () => unwrapBackupKey({ ...record, wrapped: wrapped.subarray(1) }, exportKey, secret),
    ];
    for (const attempt of attempts) expect(refusal(attempt)).toBe('REQUEST_INVALID wrapped');
  });
});
