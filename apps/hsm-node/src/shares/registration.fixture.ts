import { DEVELOPMENT_ISSUER, mintDevelopmentToken } from '@strongroom/platform';
import {
  accountId,
  createRecord,
  encodeEntry,
  encodeRecord,
  identityStretcher,
  nobleSigner,
  recordHash,
  sealedShareInfo,
  signEntry,
  type Bytes,
  type RandomSource,
  type RegisterCore,
  type Signer,
  type VaultRecord,
} from '@strongroom/protocol';
import { nativeHpke } from '../keystore/native-hpke.js';
import type { Roster } from '../roster/roster.js';
import type { StageRequest } from './record-stage.service.js';

export const NOW_MS = 1_800_000_000_000;
export const device: Signer = nobleSigner(new Uint8Array(32).fill(7));
export const aliceUid: Bytes = accountId(DEVELOPMENT_ISSUER, 'alice');

export interface Registration {
  readonly record: VaultRecord;
  readonly sealed: readonly Bytes[];
}

/** What a client makes to register alice's version 1 with `roster`, without key stretching. */
export async function register(roster: Roster, random: RandomSource, notAfterMs = 0): Promise<Registration> {
  const fleet = {
    fleetId: roster.fleetId,
    epoch: roster.epoch,
    threshold: roster.t,
    hpkeKeys: roster.members.map(({ hpkeKey }) => hpkeKey),
  };
  const backupKey = random.bytes(32);
  const request = {
    backupKey,
    code: '1234-5678',
    uid: aliceUid,
    ver: 1,
    fleet,
    stretcher: identityStretcher,
    ownerPk: device.publicKey,
    notAfterMs,
  };
  return createRecord(request, random);
}

export interface RequestChanges {
  readonly core?: Partial<RegisterCore>;
  readonly sub?: string;
  readonly tokenMs?: number;
  readonly sealed?: readonly Bytes[];
}

/** The message that carries it to a node, with `changes` made before it is signed. */
export async function stageRequest({ record, sealed }: Registration, changes: RequestChanges = {}): Promise<StageRequest> {
  const core: RegisterCore = {
    kind: 'register',
    fleetId: record.fleetId,
    uid: record.uid,
    ver: record.ver,
    bindingKey: device.publicKey,
    nonce: new Uint8Array(16),
    recordHash: recordHash(record),
    confirmKey: record.confirmPk,
    ownerKey: record.ownerPk,
    ...changes.core,
  };
  const token = await mintDevelopmentToken({ sub: changes.sub ?? 'alice', bindingKey: device.publicKey, nowMs: changes.tokenMs ?? NOW_MS });
  const entry = encodeEntry({ ...signEntry(core, device, null), token });
  return { entry, record: encodeRecord(record), sealed: changes.sealed ?? sealed };
}

/** Any 64 bytes sealed to member `index` as a share of `record`. */
export function sealTo(roster: Roster, index: number, record: VaultRecord, plaintext: Bytes, random: RandomSource): Promise<Bytes> {
  const key = roster.members[index - 1]?.hpkeKey ?? new Uint8Array(32);
  return nativeHpke.seal(key, plaintext, sealedShareInfo(roster.fleetId, roster.epoch, index), recordHash(record), random);
}
