import { nodeSigner } from '@strongroom/platform';
import {
  attemptId,
  blind,
  combineScalars,
  createRecord,
  encodeRecord,
  identityStretcher,
  oprfInput,
  recordHash,
  sealedShareInfo,
  signEntry,
  type AttemptCore,
  type Bytes,
  type Entry,
  type HpkeKeyPair,
  type RandomSource,
  type Signer,
  type VaultRecord,
} from '@strongroom/protocol';
import { privateKeyOf, publicBytesOf } from '../../../apps/hsm-node/dist/keystore/key-material.js';
import { nativeHpke } from '../../../apps/hsm-node/dist/keystore/native-hpke.js';
import type { Roster } from '../../../apps/hsm-node/dist/roster/roster.js';
import { mintToken, uidOf } from '../node/sim-tokens.js';

/** A version as its client made it, with the secrets that only the simulation's observer may know. */
export interface SimVersion {
  readonly ver: number;
  readonly code: string;
  readonly backupKey: Bytes;
  readonly record: VaultRecord;
  readonly encoded: Bytes;
  readonly hash: Bytes;
  readonly sealed: readonly Bytes[];
  readonly entry: Entry;
  readonly byOwner: boolean;
  /** k, and k_i by node. */
  readonly key: Bytes;
  readonly shares: readonly Bytes[];
  /** s_i by node. */
  readonly secretShares: readonly Bytes[];
  /** The epoch of the fleet that the shares were sealed for. */
  readonly epoch: number;
}

/** An attempt as its client keeps it, in memory only. */
export interface SimAttempt {
  readonly version: SimVersion;
  readonly code: string;
  readonly entry: Entry;
  readonly core: AttemptCore;
  readonly id: Bytes;
  readonly input: Bytes;
  readonly blind: Bytes;
  readonly ephemeral: HpkeKeyPair;
}

/** One person's account: the keys of the device and all that was ever made with them. */
export class SimAccount {
  readonly uid: Bytes;
  readonly device: Signer;
  readonly owner: Signer;
  readonly versions: SimVersion[] = [];
  readonly attempts: SimAttempt[] = [];
  /** Every entry that was ever sent. */
  readonly entries: Entry[] = [];
  private ver = 0;

  constructor(
    readonly name: string,
    private readonly fleet: () => Roster,
    /** HPKE secret of the machine in that place, by which the simulation knows what its client dealt. */
    private readonly secretOf: (node: number) => Bytes,
    private readonly random: RandomSource,
  ) {
    this.uid = uidOf(name);
    this.device = nodeSigner(random.bytes(32));
    this.owner = nodeSigner(random.bytes(32));
  }

  private get roster(): Roster {
    return this.fleet();
  }

  /** @param expiresAtMs of the token that goes with it */
  async newVersion(byOwner: boolean, expiresAtMs: number): Promise<SimVersion> {
    const { roster, random, uid, owner } = this;
    const ver = (this.ver += 1);
    const code = `code ${this.name} ${ver}`;
    const backupKey = random.bytes(32);
    const hpkeKeys = roster.members.map(({ hpkeKey }) => hpkeKey);
    const fleet = { fleetId: roster.fleetId, epoch: roster.epoch, threshold: roster.t, hpkeKeys };
    const request = {
      backupKey: backupKey.slice(),
      code,
      uid,
      ver,
      fleet,
      stretcher: identityStretcher,
      ownerPk: owner.publicKey,
      notAfterMs: 0,
    };
    const { record, sealed } = await createRecord(request, random, nativeHpke);
    const hash = recordHash(record);
    const keys = { confirmKey: record.confirmPk, ownerKey: record.ownerPk };
    const core = { kind: 'register' as const, ...this.subject(ver), recordHash: hash, ...keys };
    const entry = this.signed(core, byOwner ? owner : null, expiresAtMs);
    const opened = await this.openShares(sealed, hash);
    const [shares, secretShares] = [opened.map((both) => both.slice(0, 32)), opened.map((both) => both.slice(32))];
    const key = combineScalars(shares.slice(0, roster.t).map((scalar, i) => ({ index: i + 1, scalar })));
    const version = {
      ver,
      code,
      backupKey,
      record,
      encoded: encodeRecord(record),
      hash,
      sealed,
      entry,
      byOwner,
      key,
      shares,
      secretShares,
      epoch: roster.epoch,
    };
    this.versions.push(version);
    return version;
  }

  newAttempt(version: SimVersion, right: boolean, expiresAtMs: number): SimAttempt {
    const { random, uid, roster } = this;
    const code = right ? version.code : `guess ${this.attempts.length}`;
    const input = oprfInput(code, uid, roster.fleetId);
    const blinding = blind(input, random);
    const privateKey = random.bytes(32);
    const ephemeral = { privateKey, publicKey: publicBytesOf(privateKeyOf('x25519', privateKey)) };
    const core = {
      kind: 'attempt' as const,
      ...this.subject(version.ver),
      blinded: blinding.blindedElement,
      ephemeralKey: ephemeral.publicKey,
    };
    const entry = this.signed(core, null, expiresAtMs);
    const attempt = { version, code, entry, core, id: attemptId(core), input, blind: blinding.blind, ephemeral };
    this.attempts.push(attempt);
    return attempt;
  }

  deletion(byOwner: boolean, expiresAtMs: number): Entry {
    return this.signed({ kind: 'delete', ...this.subject((this.ver += 1)) }, byOwner ? this.owner : null, expiresAtMs);
  }

  cancellation(ver: number, expiresAtMs: number): Entry {
    return this.signed({ kind: 'cancel', ...this.subject(ver) }, this.owner, expiresAtMs);
  }

  private subject(ver: number): { fleetId: string; uid: Bytes; ver: number; bindingKey: Bytes; nonce: Bytes } {
    return { fleetId: this.roster.fleetId, uid: this.uid, ver, bindingKey: this.device.publicKey, nonce: this.random.bytes(16) };
  }

  private signed(core: Entry['core'], owner: Signer | null, expiresAtMs: number): Entry {
    const entry = { ...signEntry(core, this.device, owner), token: mintToken(this.name, this.device.publicKey, expiresAtMs) };
    this.entries.push(entry);
    return entry;
  }

  /** k_i || s_i, as the nodes will open them. */
  private async openShares(sealed: readonly Bytes[], hash: Bytes): Promise<readonly Bytes[]> {
    const { fleetId, epoch, members } = this.roster;
    const shares: Bytes[] = [];
    for (const { index, hpkeKey } of members) {
      const recipient = { privateKey: this.secretOf(index), publicKey: hpkeKey };
      const plaintext = await nativeHpke.open(recipient, sealed[index - 1] ?? NOTHING, sealedShareInfo(fleetId, epoch, index), hash);
      shares.push(plaintext.slice());
    }
    return shares;
  }
}

const NOTHING: Bytes = new Uint8Array(0);
