import { describe, expect, it } from '@jest/globals';
import { oprfInput } from '../account/oprf-input.js';
import { attemptId } from '../attempt/attempt.js';
import { verifyDleq, proveDleq } from '../dleq/dleq.js';
import type { EvaluationContext } from '../dleq/evaluation-context.js';
import type { Bytes } from '../encoding/bytes.js';
import { coreHpke, generateHpkeKeyPair } from '../hpke/core-hpke.js';
import { nobleGroup } from '../group/noble-group.js';
import { blind, finalize } from '../oprf/oprf.js';
import { combinePoints, combineScalars, combinesTo } from '../sharing/combine.js';
import { publicShare } from '../sharing/verify-share.js';
import { identityStretcher } from '../stretching/key-stretcher.js';
import { refusal, refusalOf } from '../vectors/refusal.js';
import { attemptCore, sampleBackupKey, sampleCode, sampleFleet, type SampleFleet } from '../vectors/samples.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { openRecord } from './open-record.js';
import { recordHash } from './record-codec.js';
import { openSecret, sealSecret } from './sealed-secret.js';
import { checkShare, isSecretShare, openSealedShare, sealedShareInfo, type NodeShare } from './sealed-share.js';
import { unwrapBackupKey } from './wrapped-key.js';

const random = seededRandom('recovery');
const context = (node: number): EvaluationContext => ({ ...attemptCore, epoch: 1, node, index: 17, attemptId: attemptId(attemptCore) });

async function nodeShare(fleet: SampleFleet, index: number): Promise<NodeShare> {
  const [node, sealed] = [fleet.nodes[index - 1], fleet.sealed[index - 1]];
  if (node === undefined || sealed === undefined) throw new Error('no such node');
  const share = await openSealedShare(coreHpke, node, sealed, sealedShareInfo('eu-1', 1, index), recordHash(fleet.record));
  checkShare(nobleGroup, fleet.record, index, share);
  return share;
}

/** Blind, evaluate with proofs on the given nodes, combine, finalize: y. */
async function evaluate(fleet: SampleFleet, code: string, indices: readonly number[]): Promise<Bytes> {
  const input = oprfInput(code, fleet.record.uid, 'eu-1');
  const { blind: r, blindedElement: blinded } = blind(input, random);
  const answers = await Promise.all(
    indices.map(async (index) => {
      const { keyShare: share } = await nodeShare(fleet, index);
      const statement = {
        publicShare: publicShare(fleet.record.commitments, index),
        blinded,
        evaluated: nobleGroup.multiply(blinded, share),
        context: context(index),
      };
      expect(verifyDleq(statement, proveDleq(nobleGroup, { ...statement, share }, random))).toBe(true);
      return { index, ...statement };
    }),
  );
  const c0 = fleet.record.commitments[0] ?? new Uint8Array(0);
  expect(
    combinesTo(
      answers.map(({ index, publicShare: point }) => ({ index, point })),
      c0,
    ),
  ).toBe(true);
  return finalize(input, r, combinePoints(answers.map(({ index, evaluated: point }) => ({ index, point }))));
}

describe.each([
  { t: 2, n: 3, asked: [3, 1] },
  { t: 3, n: 5, asked: [2, 5, 4] },
  { t: 4, n: 7, asked: [7, 1, 2, 5] },
])('a record dealt $t of $n', ({ t, n, asked }) => {
  it('gives the backup key back to the right code, in two steps', async () => {
    const fleet = await sampleFleet(t, n);
    const { exportKey, confirmSigner } = await openRecord(fleet.record, await evaluate(fleet, sampleCode, asked), identityStretcher);
    expect(confirmSigner.publicKey).toEqual(fleet.record.confirmPk);
    const ephemeral = await generateHpkeKeyPair(random);
    const secrets = await Promise.all(
      asked.map(async (index) => {
        const sealed = await sealSecret(coreHpke, ephemeral.publicKey, (await nodeShare(fleet, index)).secretShare, context(index), random);
        const scalar = await openSecret(coreHpke, ephemeral, sealed, context(index));
        expect(isSecretShare(fleet.record, index, scalar)).toBe(true);
        return { index, scalar };
      }),
    );
    expect(unwrapBackupKey(fleet.record, exportKey, combineScalars(secrets))).toEqual(sampleBackupKey);
    expect(refusal(() => unwrapBackupKey(fleet.record, exportKey, combineScalars(secrets.slice(1))))).toBe('REQUEST_INVALID wrapped');
  });

  it('refuses a wrong code, and too few nodes, as a wrong code', async () => {
    const fleet = await sampleFleet(t, n);
    expect(await refusalOf(openRecord(fleet.record, await evaluate(fleet, '7241-9035-8863', asked), identityStretcher))).toBe('CODE_WRONG');
    const input = oprfInput(sampleCode, fleet.record.uid, 'eu-1');
    const { blind: r, blindedElement } = blind(input, random);
    const few = await Promise.all(
      asked
        .slice(1)
        .map(async (index) => ({ index, point: nobleGroup.multiply(blindedElement, (await nodeShare(fleet, index)).keyShare) })),
    );
    expect(await refusalOf(openRecord(fleet.record, finalize(input, r, combinePoints(few)), identityStretcher))).toBe('CODE_WRONG');
  });
});

describe('a recovery', () => {
  it('stops at a confirm key that the envelope does not give', async () => {
    const fleet = await sampleFleet(2, 3);
    const forged = { ...fleet.record, confirmPk: fleet.record.ownerPk };
    expect(await refusalOf(openRecord(forged, await evaluate(fleet, sampleCode, [1, 2]), identityStretcher))).toBe(
      'REQUEST_INVALID confirmPk',
    );
  });

  it('wipes y once the envelope has been tried', async () => {
    const fleet = await sampleFleet(2, 3);
    const output = await evaluate(fleet, sampleCode, [1, 3]);
    await openRecord(fleet.record, output, identityStretcher);
    expect(output).toEqual(new Uint8Array(64));
  });
});
