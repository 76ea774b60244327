import { nodeSigner } from '@strongroom/platform';
import {
  deal,
  encodeEntry,
  encodeRecord,
  entryId,
  nobleGroup,
  parseLogValue,
  randomScalar,
  recordHash,
  sealShare,
  sealedShareInfo,
  signConfirmation,
  signEntry,
  concat,
  type Bytes,
  type Confirmation,
  type DecidedSet,
  type Entry,
  type EntryCore,
  type RandomSource,
  type Signer,
  type VaultRecord,
} from '@strongroom/protocol';
import { createHash } from 'node:crypto';
import { nativeHpke } from '../keystore/native-hpke.js';
import type { Roster } from '../roster/roster.js';

/** For specs only: the same bytes for the same name. */
export function bytesOf(name: string, length = 32): Bytes {
  return new Uint8Array(createHash('shake256', { outputLength: length }).update(name).digest());
}

export function randomOf(seed: string): RandomSource {
  let drawn = 0;
  return { bytes: (length) => bytesOf(`${seed} ${drawn++}`, length) };
}

export const device: Signer = nodeSigner(bytesOf('device'));
export const owner: Signer = nodeSigner(bytesOf('owner'));
export const confirmer: Signer = nodeSigner(bytesOf('confirmer'));
export const stranger: Signer = nodeSigner(bytesOf('stranger'));
export const alice: Bytes = bytesOf('alice');

/** For specs only: a version of a record with the shares of all nodes, as a client makes it. */
export interface Version {
  readonly record: VaultRecord;
  readonly encoded: Bytes;
  readonly hash: Bytes;
  /** k_i, then s_i, by node. */
  readonly shares: readonly Bytes[];
  readonly sealed: readonly Bytes[];
  readonly entry: Entry;
  /** The same, signed by the owner's key. */
  readonly byOwner: Entry;
}

export async function versionOf(roster: Roster, ver: number, uid: Bytes = alice): Promise<Version> {
  const random = randomOf(`version ${ver} ${Buffer.from(uid).toString('hex')}`);
  const { fleetId, epoch, n, t, members } = roster;
  const dealing = deal(randomScalar(random), t, n, random);
  const { shares: secrets, commitments: secretCommitments } = deal(randomScalar(random), t, n, random);
  const keys = { confirmPk: confirmer.publicKey, ownerPk: owner.publicKey };
  const filler = { envelope: random.bytes(96), wrapped: random.bytes(60), notAfterMs: 0 };
  const record: VaultRecord = { uid, ver, fleetId, commitments: dealing.commitments, secretCommitments, ...keys, ...filler };
  const hash = recordHash(record);
  const shares = members.map((_, i) => concat(dealing.shares[i] ?? new Uint8Array(0), secrets[i] ?? new Uint8Array(0)));
  const sealed = await Promise.all(
    members.map(({ hpkeKey, index }, i) => {
      const share = { keyShare: dealing.shares[i] ?? new Uint8Array(32), secretShare: secrets[i] ?? new Uint8Array(32) };
      return sealShare(nativeHpke, hpkeKey, share, sealedShareInfo(fleetId, epoch, index), hash, random);
    }),
  );
  const core: EntryCore = {
    kind: 'register',
    ...subjectOf(roster, `register ${ver}`, ver, uid),
    recordHash: hash,
    confirmKey: confirmer.publicKey,
    ownerKey: owner.publicKey,
  };
  return { record, encoded: encodeRecord(record), hash, shares, sealed, entry: entryOf(core), byOwner: entryOf(core, owner) };
}

function subjectOf({ fleetId }: Pick<Roster, 'fleetId'>, name: string, ver: number, uid: Bytes) {
  return { fleetId, uid, ver, bindingKey: device.publicKey, nonce: bytesOf(name, 16) };
}

function entryOf(core: EntryCore, by: Signer | null = null): Entry {
  return { ...signEntry(core, device, by), token: 'e30.e30.c2ln' };
}

const blinded = nobleGroup.multiplyBase(randomScalar(randomOf('blinded')));
const ephemeralKey = bytesOf('ephemeral').map((byte, i) => (i === 31 ? byte & 0x7f : byte));
const FLEET = { fleetId: 'main' };

/** Attempts of one name are one attempt. */
export function attemptOf(name: string, ver = 1, uid: Bytes = alice): Entry {
  return entryOf({ kind: 'attempt', ...subjectOf(FLEET, name, ver, uid), blinded, ephemeralKey });
}

export function deletionOf(ver: number, by: Signer | null = null, uid: Bytes = alice): Entry {
  return entryOf({ kind: 'delete', ...subjectOf(FLEET, `delete ${ver}`, ver, uid) }, by);
}

export function cancelOf(ver: number): Entry {
  return entryOf({ kind: 'cancel', ...subjectOf(FLEET, `cancel ${ver}`, ver, alice) }, owner);
}

export function encoded(entry: Entry): Bytes {
  return encodeEntry(entry);
}

/** What a client that knows the right code makes of a decided attempt. */
export function confirmationOf(set: Pick<DecidedSet, 'index' | 'value'>, by: Signer = confirmer): Confirmation {
  const { core } = parseLogValue(set.value, () => true).entry;
  const attempt = { uid: core.uid, ver: core.ver, index: set.index, attemptId: entryId(core) };
  return { ...attempt, signature: signConfirmation(by, { ...attempt, fleetId: core.fleetId }) };
}
