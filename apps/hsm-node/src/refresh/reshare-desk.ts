import type { peerReshareDeal, peerReshareKey, peerReshareStage, RequestOf, ResponseOf } from '@strongroom/contracts';
import {
  checkShare,
  encodeRecord,
  equal,
  memberKey,
  parseRecord,
  recordHash,
  refreshRecord,
  reshareHeldMessage,
  sharingHash,
  VaultError,
  type AccountLog,
  type Bytes,
  type LivingVersion,
  type RandomSource,
  type SignatureVerifier,
  type VaultRecord,
} from '@strongroom/protocol';
import type { ShareKeeper } from '../account/share-keeper.js';
import type { EntryHold } from '../attempt/entry-hold.js';
import type { SodiumGroup } from '../evaluation/sodium-group.js';
import { secretBytesOf } from '../keystore/key-material.js';
import type { Keystore } from '../keystore/keystore.js';
import { addPairs, wipe } from '../repair/share-scalars.js';
import type { Roster } from '../roster/roster.js';
import type { ShareVault } from '../shares/share-vault.js';
import { dealParts, openPart } from './deal-parts.js';
import {
  reshareDealMessage,
  reshareKeyMessage,
  reshareSessionId,
  reshareSessionMessage,
  type ReshareDeal,
  type ReshareSession,
} from './reshare-message.js';
import { SessionKeys } from './session-keys.js';

export interface ReshareDeskOptions {
  readonly roster: Roster;
  readonly keystore: Keystore;
  readonly vault: ShareVault;
  readonly group: SodiumGroup;
  readonly verifier: SignatureVerifier;
  readonly random: RandomSource;
  readonly account: (uid: Bytes) => AccountLog;
  readonly keeper: Pick<ShareKeeper, 'isUsable' | 'prepare'>;
  readonly hold: Pick<EntryHold, 'begin'>;
}

/** What a member does for a refresh (PROTOCOL 7.8): it deals, and it takes what was dealt to it when all of it holds. */
export class ReshareDesk {
  private readonly keys: SessionKeys;

  constructor(private readonly options: ReshareDeskOptions) {
    this.keys = new SessionKeys(options.random);
  }

  /** Begins a session. @throws as `require` */
  key({ session, signature }: RequestOf<typeof peerReshareKey>): ResponseOf<typeof peerReshareKey> {
    this.require(session, signature);
    const { keystore, roster, hold } = this.options;
    hold.begin(session.uid);
    const id = reshareSessionId(session);
    const key = this.keys.open(id);
    return { key, signature: keystore.sign(reshareKeyMessage(id, roster.self, key)) };
  }

  /** @throws as `require`; NODE_MISBEHAVED unless each member signed its key */
  deal({ session, signature, keys }: RequestOf<typeof peerReshareDeal>): ResponseOf<typeof peerReshareDeal> {
    const { roster, keystore, group, random, verifier } = this.options;
    this.require(session, signature);
    if (!session.dealers.includes(roster.self) || keys.length !== roster.n) throw invalid('keys', 'are not one for each member');
    const id = reshareSessionId(session);
    for (const [i, { key, signature: signed }] of keys.entries()) {
      // Whoever could pass its own key off as a member's would be dealt that member's part.
      if (!verifier.verify(memberKey(roster, i + 1), reshareKeyMessage(id, i + 1, key), signed))
        throw new VaultError('NODE_MISBEHAVED', 'a key of the session is not its member’s', { node: i + 1 });
    }
    const plan = { id, dealer: roster.self, before: session.before, threshold: roster.t, keys: keys.map(({ key }) => key) };
    const dealing = dealParts(group, plan, random);
    return { ...dealing, signature: keystore.sign(reshareDealMessage(id, dealing)) };
  }

  /** @throws as `require`; NODE_MISBEHAVED for deals that are not the dealers' own; CONFLICT when the session or the place in the log is over */
  async stage({ session, signature, deals }: RequestOf<typeof peerReshareStage>): Promise<ResponseOf<typeof peerReshareStage>> {
    const { roster, keystore, keeper, vault } = this.options;
    const record = this.require(session, signature);
    const id = reshareSessionId(session);
    this.requireDeals(session, id, deals);
    const refreshed = refreshRecord(record, deals);
    const recipient = this.keys.take(id);
    if (recipient === null) throw new VaultError('CONFLICT', 'this node has no key for the session any more');
    const parts = deals.map((deal) => ({
      deal,
      pair: openPart(this.options.group, recipient, deal, { id, node: roster.self, before: session.before }),
    }));
    const pairs = parts.flatMap(({ pair }) => pair ?? []);
    try {
      const bad = parts.find(({ pair }) => pair === null);
      if (bad !== undefined) return { held: null, complaint: { dealer: bad.deal.dealer, key: secretBytesOf(recipient.privateKey) } };
      const hash = recordHash(refreshed);
      const share = this.newShare(session, refreshed, pairs);
      const { uid, ver, index, before } = session;
      const version = { uid, recordHash: hash, ver, record: encodeRecord(refreshed), sealed: [], share, index };
      const stage = (): Promise<void> => vault.stage({ ...version, living: this.livingOf(uid).map(({ recordHash: living }) => living) });
      const held = await keeper.prepare(uid, before, index, stage).finally(() => share.fill(0));
      if (!held) throw new VaultError('CONFLICT', 'the place in the log is decided, or the version is over', { index });
      const subject = { ...session, beforeSharing: sharingHash(record), recordHash: hash };
      return { held: keystore.sign(reshareHeldMessage(subject, roster.self)), complaint: null };
    } finally {
      wipe(pairs);
    }
  }

  private livingOf(uid: Bytes): readonly LivingVersion[] {
    const { active, pending } = this.options.account(uid).state;
    return [active, pending?.version ?? null].filter((version) => version !== null);
  }

  /** Whatever was dealt: the new share is kept only if the new commitments promise it. The caller's to wipe. */
  private newShare({ uid, before }: ReshareSession, refreshed: VaultRecord, pairs: readonly Bytes[]): Bytes {
    const { vault, group, roster } = this.options;
    const share = vault.withShare(uid, before, (key, secret) => {
      const own = new Uint8Array([...key, ...secret]);
      try {
        return addPairs(group, [own, ...pairs]);
      } finally {
        own.fill(0);
      }
    });
    try {
      checkShare(group, refreshed, roster.self, { keyShare: share.subarray(0, 32), secretShare: share.subarray(32) });
      return share;
    } catch (error) {
      share.fill(0);
      throw error;
    }
  }

  /** t dealers, each with its own signature, of the degree that the sharing has. */
  private requireDeals({ dealers }: ReshareSession, id: Bytes, deals: readonly ReshareDeal[]): void {
    const { roster, verifier } = this.options;
    if (deals.length !== dealers.length) throw invalid('deals', 'are not one for each dealer');
    for (const [i, deal] of deals.entries()) {
      const { dealer, parts, signature } = deal;
      if (dealer !== dealers[i] || parts.length !== roster.n) throw invalid('deals', 'are not those of the dealers');
      if (!verifier.verify(memberKey(roster, dealer), reshareDealMessage(id, deal), signature))
        throw new VaultError('NODE_MISBEHAVED', 'a deal is not its dealer’s', { node: dealer });
    }
  }

  /**
   * t dealers: t - 1 liars among them know the others' parts no better than before.
   * @returns the record as it is shared now
   * @throws TOKEN_INVALID unless a member asks; CONFLICT for another place in the log than the open one; RECORD_UNKNOWN for
   * a version that this node does not hold living
   */
  private require(session: ReshareSession, signature: Bytes): VaultRecord {
    const { roster, verifier, account, keeper, vault, group } = this.options;
    const { fleetId, epoch, coordinator, dealers, uid, ver, index, before } = session;
    if (fleetId !== roster.fleetId || epoch !== roster.epoch) throw invalid('epoch', 'is not the one that this node serves');
    if (new Set(dealers).size !== dealers.length || dealers.length !== roster.t) throw invalid('dealers', 'are not t members');
    for (const dealer of dealers) memberKey(roster, dealer);
    if (!verifier.verify(memberKey(roster, coordinator), reshareSessionMessage(session), signature))
      throw new VaultError('TOKEN_INVALID', 'the refresh is not asked for by a member');
    const { state } = account(uid);
    if (state.index + 1 !== index) throw new VaultError('CONFLICT', 'another place in the log is open', { index: state.index + 1 });
    const living = this.livingOf(uid).find(({ recordHash: one }) => equal(one, before));
    const encoded = keeper.isUsable(uid, before) ? vault.record(uid, before) : null;
    if (living?.ver !== ver || encoded === null) throw new VaultError('RECORD_UNKNOWN', 'this node holds no living share of that version');
    if (living.generation >= epoch) throw new VaultError('CONFLICT', 'the version was shared anew in this epoch already');
    return parseRecord(encoded, group.isPoint);
  }
}

function invalid(field: string, what: string): VaultError {
  return new VaultError('REQUEST_INVALID', `${field}: ${what}`, { field });
}
