import { ACCOUNT_ID_LENGTH } from '../account/account-id.js';
import { parseFleetId } from '../account/fleet-id.js';
import { oprfInput } from '../account/oprf-input.js';
import type { Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { randomizedPassword, storeEnvelope } from '../envelope/envelope.js';
import { invalid } from '../errors/protocol-error.js';
import { coreHpke } from '../hpke/core-hpke.js';
import type { Hpke } from '../hpke/hpke.js';
import { parseAgreementKey } from '../keys/agreement-key.js';
import { parseVerifyingKey } from '../keys/verifying-key.js';
import { evaluateKnown } from '../oprf/oprf.js';
import { deal, randomScalar } from '../sharing/deal.js';
import { requireThreshold } from '../sharing/threshold.js';
import type { KeyStretcher } from '../stretching/key-stretcher.js';
import { confirmSignerOf, envelopeIdentities } from './open-record.js';
import { recordHash } from './record-codec.js';
import { BACKUP_KEY_LENGTH, type VaultRecord } from './record.js';
import { sealedShareInfo, sealShare } from './sealed-share.js';
import { wrapBackupKey } from './wrapped-key.js';

/** The fleet as the verified bundle describes it. */
export interface RecordFleet {
  readonly fleetId: string;
  readonly epoch: number;
  /** t, above n/2. */
  readonly threshold: number;
  /** HPKE keys of node 1 to n, 32 bytes each. */
  readonly hpkeKeys: readonly Bytes[];
}

export interface RecordRequest {
  /** 32 bytes, secret; left to the caller to wipe. */
  readonly backupKey: Bytes;
  readonly code: string;
  /** 32 bytes. */
  readonly uid: Bytes;
  /** The new version, u32 from 1. */
  readonly ver: number;
  readonly fleet: RecordFleet;
  readonly stretcher: KeyStretcher;
  /** Ed25519, 32 bytes. */
  readonly ownerPk: Bytes;
  /** Milliseconds since 1970; 0 = never. */
  readonly notAfterMs: number;
}

export interface CreatedRecord {
  readonly record: VaultRecord;
  /** sealed_1 to sealed_n, 112 bytes each. */
  readonly sealed: readonly Bytes[];
}

/**
 * The client's whole registration (PROTOCOL 5), without a round trip. Every version has a fresh random k and s.
 * Wipes shares, secrets and keys that it made; BigInts inside the arithmetic cannot be wiped.
 * @throws REQUEST_INVALID naming the field
 */
export async function createRecord(request: RecordRequest, random: RandomSource, hpke: Hpke = coreHpke): Promise<CreatedRecord> {
  requireRequest(request);
  const { code, uid, ver, fleet, ownerPk, notAfterMs } = request;
  const {
    fleetId,
    hpkeKeys: { length: n },
  } = fleet;
  const input = oprfInput(code, uid, fleetId);
  const [key, secret] = [randomScalar(random), randomScalar(random)];
  const dealing = deal(key, fleet.threshold, n, random);
  const secretDealing = deal(secret, fleet.threshold, n, random);
  const secretShares = secretDealing.shares;
  const output = evaluateKnown(key, input);
  const randomized = await randomizedPassword(output, request.stretcher);
  const identities = envelopeIdentities({ uid, fleetId, commitments: dealing.commitments });
  const { envelope, exportKey } = storeEnvelope(randomized, identities, random);
  const record: VaultRecord = {
    uid,
    ver,
    fleetId,
    envelope,
    ownerPk,
    notAfterMs,
    commitments: dealing.commitments,
    secretCommitments: secretDealing.commitments,
    confirmPk: confirmSignerOf(exportKey).publicKey,
    wrapped: wrapBackupKey(request.backupKey, exportKey, secret, { uid, ver }, random),
  };
  const sealed = await sealAll(record, fleet, { keyShares: dealing.shares, secretShares }, random, hpke);
  for (const bytes of [key, secret, input, output, randomized, exportKey, ...dealing.shares, ...secretShares]) bytes.fill(0);
  return { record, sealed };
}

/** Everything that can be wrong is found before a secret exists. */
function requireRequest({ backupKey, uid, ver, fleet, ownerPk }: RecordRequest): void {
  parseFleetId(fleet.fleetId);
  requireThreshold(fleet.threshold, fleet.hpkeKeys.length);
  if (2 * fleet.threshold <= fleet.hpkeKeys.length) throw invalid('threshold', 'is not above n/2');
  for (const key of fleet.hpkeKeys) parseAgreementKey(key, 'hpkeKeys');
  if (backupKey.length !== BACKUP_KEY_LENGTH) throw invalid('backupKey', 'is not 32 bytes');
  if (uid.length !== ACCOUNT_ID_LENGTH) throw invalid('uid', 'is not 32 bytes');
  if (!Number.isInteger(ver) || ver < 1 || ver > 0xffffffff) throw invalid('ver', 'is not from 1 to 2^32 - 1');
  parseVerifyingKey(ownerPk, 'ownerPk');
}

interface AllShares {
  readonly keyShares: readonly Bytes[];
  readonly secretShares: readonly Bytes[];
}

async function sealAll(
  record: VaultRecord,
  fleet: RecordFleet,
  shares: AllShares,
  random: RandomSource,
  hpke: Hpke,
): Promise<readonly Bytes[]> {
  const hash = recordHash(record);
  const sealed: Bytes[] = [];
  for (const [i, nodeKey] of fleet.hpkeKeys.entries()) {
    const keyShare = shares.keyShares[i];
    const secretShare = shares.secretShares[i];
    if (keyShare === undefined || secretShare === undefined) throw invalid('n', 'is not the number of shares');
    const info = sealedShareInfo(fleet.fleetId, fleet.epoch, i + 1);
    // One after the other: the random source is drawn from in one order, so a run replays from its seed.
    sealed.push(await sealShare(hpke, nodeKey, { keyShare, secretShare }, info, hash, random));
  }
  return sealed;
}
