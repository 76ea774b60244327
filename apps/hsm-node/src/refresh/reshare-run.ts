import { peerReshareDeal, peerReshareKey, peerReshareStage, type RpcContract } from '@strongroom/contracts';
import type { Log } from '@strongroom/platform';
import {
  encodeRecord,
  entryId,
  equal,
  memberKey,
  parseRecord,
  recordHash,
  refreshRecord,
  reshareHeldMessage,
  sharingHash,
  signEntry,
  VaultError,
  type AccountLog,
  type Bytes,
  type Entry,
  type LivingVersion,
  type RandomSource,
  type ReshareCore,
  type SignatureVerifier,
  type Signer,
  type VaultRecord,
} from '@strongroom/protocol';
import type { SodiumGroup } from '../evaluation/sodium-group.js';
import { privateKeyOf, publicBytesOf } from '../keystore/key-material.js';
import type { DecidedSets } from '../log/decided-sets.js';
import type { LogEngine } from '../log/log-engine.js';
import type { PeerCalls } from '../peers/peer-calls.js';
import type { Roster } from '../roster/roster.js';
import type { ShareVault } from '../shares/share-vault.js';
import { openPart } from './deal-parts.js';
import type { ReshareDesk } from './reshare-desk.js';
import {
  reshareDealMessage,
  reshareKeyMessage,
  reshareSessionId,
  reshareSessionMessage,
  type ReshareDeal,
  type ReshareSession,
} from './reshare-message.js';

export interface ReshareRunOptions {
  readonly roster: Roster;
  readonly desk: ReshareDesk;
  readonly peers: PeerCalls;
  readonly engine: Pick<LogEngine, 'account' | 'feed'>;
  readonly sets: Pick<DecidedSets, 'wait'>;
  readonly vault: Pick<ShareVault, 'record'>;
  readonly group: SodiumGroup;
  readonly signer: Signer;
  readonly verifier: SignatureVerifier;
  readonly random: RandomSource;
  readonly log: Log;
  /** A member that is proven to have lied in a session. */
  readonly onSpoiled: (culprit: number) => void;
}

interface Signed {
  readonly session: ReshareSession;
  readonly signature: Bytes;
}

interface OfferedKey {
  readonly key: Bytes;
  readonly signature: Bytes;
}

const DECIDE_WITHIN_MS = 3_000;

/** The coordinator's side of a refresh (PROTOCOL 7.8): it carries what is signed by others, and learns no share but its own. */
export class ReshareRun {
  /** Whoever lied once deals no more at this node's asking. */
  private readonly liars = new Set<number>();
  private turn = 0;

  constructor(private readonly options: ReshareRunOptions) {}

  /**
   * One version, once. Resolves when its new sharing is decided.
   * @throws VaultError when a member does not answer, somebody lied, or another entry took the place: nothing has changed
   */
  async reshare(uid: Bytes, version: LivingVersion): Promise<void> {
    const { engine, sets, vault, group } = this.options;
    const encoded = vault.record(uid, version.recordHash);
    if (encoded === null) throw new VaultError('RECORD_UNKNOWN', 'this node holds no share of that version');
    const record = parseRecord(encoded, group.isPoint);
    const signed = this.sign(engine.account(uid), version);
    const id = reshareSessionId(signed.session);
    const keys = await this.everybody((node) => this.key(node, signed, id));
    const deals = await Promise.all(signed.session.dealers.map((node) => this.deal(node, signed, id, keys, record)));
    const core = this.coreOf(signed.session, record, deals);
    const held = await this.everybody((node) => this.stage(node, signed, id, { keys, deals, core }));
    const entry: Entry = { ...signEntry({ ...core, held }, this.options.signer, null), token: '' };
    const name = entryId(entry.core);
    const decided = sets.wait(uid, name, DECIDE_WITHIN_MS);
    engine.feed(uid, { kind: 'submit', id: name, entry, tokenExpired: false });
    await decided;
  }

  private sign({ uid, state }: AccountLog, { ver, recordHash: before }: LivingVersion): Signed {
    const { roster, signer, random } = this.options;
    const dealers = this.dealers(uid[0] ?? 0);
    const { fleetId, epoch, self: coordinator } = roster;
    const session = { fleetId, epoch, coordinator, dealers, uid, ver, index: state.index + 1, before, nonce: random.bytes(32) };
    return { session, signature: signer.sign(reshareSessionMessage(session)) };
  }

  /** Others in each session, so that the work spreads and no liar stops an account for good. */
  private dealers(start: number): number[] {
    const { roster } = this.options;
    const honest = roster.members.map(({ index }) => index).filter((index) => !this.liars.has(index));
    const from = honest.length < roster.t ? roster.members.map(({ index }) => index) : honest;
    this.turn += 1;
    return Array.from({ length: roster.t }, (_, i) => from[(start + this.turn + i) % from.length] ?? 0).sort((a, b) => a - b);
  }

  private async key(node: number, signed: Signed, id: Bytes): Promise<OfferedKey> {
    const { roster, desk, verifier } = this.options;
    const offered = await this.ask(node, peerReshareKey, signed, (request) => desk.key(request));
    if (!verifier.verify(memberKey(roster, node), reshareKeyMessage(id, node, offered.key), offered.signature))
      throw this.spoiled(node, 'the key of the session is not signed by its node');
    return offered;
  }

  private async deal(node: number, signed: Signed, id: Bytes, keys: readonly OfferedKey[], record: VaultRecord): Promise<ReshareDeal> {
    const { roster, desk, verifier } = this.options;
    const deal = await this.ask(node, peerReshareDeal, { ...signed, keys: [...keys] }, (request) => desk.deal(request));
    const holds =
      deal.dealer === node &&
      deal.parts.length === roster.n &&
      verifier.verify(memberKey(roster, node), reshareDealMessage(id, deal), deal.signature) &&
      fits(record, deal);
    if (!holds) throw this.spoiled(node, 'the deal is not what was asked for');
    return deal;
  }

  private coreOf(session: ReshareSession, record: VaultRecord, deals: readonly ReshareDeal[]): ReshareCore {
    const { fleetId, uid, ver, epoch, index, before, nonce } = session;
    const hashes = { before, beforeSharing: sharingHash(record), recordHash: recordHash(refreshRecord(record, deals)) };
    const who = { bindingKey: this.options.signer.publicKey, nonce: nonce.slice(0, 16) };
    return { kind: 'reshare', fleetId, uid, ver, epoch, index, ...hashes, ...who, held: [] };
  }

  private async stage(
    node: number,
    signed: Signed,
    id: Bytes,
    { keys, deals, core }: { readonly keys: readonly OfferedKey[]; readonly deals: readonly ReshareDeal[]; readonly core: ReshareCore },
  ): Promise<Bytes> {
    const { roster, desk, verifier } = this.options;
    const { held, complaint } = await this.ask(node, peerReshareStage, { ...signed, deals: [...deals] }, (request) => desk.stage(request));
    if (complaint !== null) throw this.spoiled(this.judge(node, id, keys, deals, core, complaint), 'a complaint was made');
    if (held !== null && verifier.verify(memberKey(roster, node), reshareHeldMessage(core, node), held)) return held;
    throw this.spoiled(node, 'the statement is not signed by its node');
  }

  /** The key that a complainer shows opens exactly what was dealt to it: who of the two lies can be seen by anybody. */
  private judge(
    node: number,
    id: Bytes,
    keys: readonly OfferedKey[],
    deals: readonly ReshareDeal[],
    { before }: ReshareCore,
    complaint: { readonly dealer: number; readonly key: Bytes },
  ): number {
    const deal = deals.find(({ dealer }) => dealer === complaint.dealer);
    const privateKey = privateKeyOf('x25519', complaint.key);
    const publicKey = publicBytesOf(privateKey);
    const offered = keys[node - 1]?.key;
    if (deal === undefined || offered === undefined || !equal(publicKey, offered)) return node;
    const pair = openPart(this.options.group, { privateKey, publicKey }, deal, { id, node, before });
    pair?.fill(0);
    return pair === null ? deal.dealer : node;
  }

  private spoiled(culprit: number, what: string): VaultError {
    this.liars.add(culprit);
    this.options.log.warn({ event: 'refresh.spoiled', node: culprit, reason: what });
    this.options.onSpoiled(culprit);
    return new VaultError('NODE_MISBEHAVED', what, { node: culprit });
  }

  /** All members, this one included: a sharing counts only when each of them holds its share. */
  private async everybody<T>(ask: (node: number) => Promise<T>): Promise<T[]> {
    const answers = await Promise.allSettled(this.options.roster.members.map(({ index }) => ask(index)));
    return answers.map((answer) => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  }

  private async ask<Req, Res>(
    node: number,
    contract: RpcContract<Req, Res>,
    request: Req,
    own: (request: Req) => Res | Promise<Res>,
  ): Promise<Res> {
    try {
      return await (node === this.options.roster.self ? own(request) : this.options.peers.ask(contract, node, request));
    } catch (error) {
      // An operator has to see who holds a refresh up: every member is needed.
      if (error instanceof VaultError) throw new VaultError(error.code, error.message, { ...error.metadata, node }, { cause: error });
      throw error;
    }
  }
}

function fits(record: VaultRecord, deal: ReshareDeal): boolean {
  try {
    return encodeRecord(refreshRecord(record, [deal])).length > 0;
  } catch (error) {
    if (error instanceof VaultError && error.code === 'REQUEST_INVALID') return false;
    throw error;
  }
}
