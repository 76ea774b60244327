import { peerRepairDeal, peerRepairSum, type ResponseOf } from '@strongroom/contracts';
import type { Log } from '@strongroom/platform';
import {
  checkShare,
  equal,
  isScalar,
  memberKey,
  parseRecord,
  recordHash as hashOf,
  VaultError,
  type Bytes,
  type RandomSource,
  type SignatureVerifier,
  type VaultRecord,
} from '@strongroom/protocol';
import type { SodiumGroup } from '../evaluation/sodium-group.js';
import type { Keystore } from '../keystore/keystore.js';
import { openNow, type HpkeRecipient } from '../keystore/native-hpke.js';
import type { PeerCalls } from '../peers/peer-calls.js';
import type { Roster } from '../roster/roster.js';
import { helperSets, suspectsOf } from './helper-sets.js';
import { oneTimeRecipient } from './one-time-recipient.js';
import { partInfo, partMessage, repairRequestMessage, sessionId, type RepairSession } from './repair-message.js';
import { addPairs, wipe } from './share-scalars.js';

export interface ShareRepairOptions {
  readonly roster: Roster;
  readonly keystore: Keystore;
  readonly peers: PeerCalls;
  readonly group: SodiumGroup;
  readonly verifier: SignatureVerifier;
  readonly random: RandomSource;
  readonly log: Log;
  /** Nodes that can be asked now. */
  readonly candidates: () => readonly number[];
  /** What these nodes sent did not add up. */
  readonly onSpoiled: (suspects: readonly number[]) => void;
}

/** A share of this node, rebuilt and held against its record. */
export interface RebuiltShare {
  readonly record: VaultRecord;
  readonly encoded: Bytes;
  /** k_j, then s_j, 64 bytes: the caller's to wipe. */
  readonly share: Bytes;
}

/** Nobody waits for ever on liars: (7, 4) has 15 sets of helpers. */
const MAX_SETS = 16;

/** A helper did not do its part: other sets may do without it. */
class HelperFailed extends Error {
  constructor(
    readonly node: number,
    cause: unknown,
  ) {
    super(`node ${node} did not help`, { cause });
  }
}

/**
 * The target's side of a repair (PROTOCOL 7.7): t helpers give this node its share anew, and none of them, nor t - 1
 * together, nor whoever carries the messages, learns it.
 */
export class ShareRepair {
  constructor(private readonly options: ShareRepairOptions) {}

  /** @returns null when no set of helpers gave a share that holds */
  async rebuild(uid: Bytes, recordHash: Bytes): Promise<RebuiltShare | null> {
    const { candidates, roster, log, onSpoiled } = this.options;
    const silent = new Set<number>();
    const spoiled: (readonly number[])[] = [];
    for (const helpers of helperSets(turned(candidates(), uid[0] ?? 0), roster.t, MAX_SETS)) {
      if (helpers.some((node) => silent.has(node))) continue;
      try {
        const rebuilt = await this.ask(uid, recordHash, helpers);
        if (rebuilt !== null) {
          if (spoiled.length > 0) onSpoiled(suspectsOf(spoiled, helpers));
          return rebuilt;
        }
        spoiled.push(helpers);
      } catch (error) {
        if (!(error instanceof HelperFailed)) throw error;
        log.debug({
          event: 'repair.helper-failed',
          node: error.node,
          code: error.cause instanceof VaultError ? error.cause.code : 'unknown',
        });
        silent.add(error.node);
      }
    }
    if (spoiled.length > 0) onSpoiled(suspectsOf(spoiled, []));
    return null;
  }

  /** One session with one set of helpers. @returns null when what they sent is not this node's share */
  private async ask(uid: Bytes, recordHash: Bytes, helpers: readonly number[]): Promise<RebuiltShare | null> {
    const { roster, keystore, random } = this.options;
    const recipient = oneTimeRecipient(random);
    const { fleetId, epoch, self } = roster;
    const fresh = { replyKey: recipient.publicKey, nonce: random.bytes(32) };
    const session: RepairSession = { fleetId, epoch, target: self, helpers: [...helpers], uid, recordHash, ...fresh };
    const signature = keystore.sign(repairRequestMessage(session));
    const dealings = await Promise.all(helpers.map((node) => this.dealing(node, session, signature)));
    const encoded = dealings[0]?.record ?? new Uint8Array(0);
    const asked = await Promise.allSettled(helpers.map((node) => this.sum(node, session, signature, dealings, recipient)));
    const sums = asked.flatMap((one) => (one.status === 'fulfilled' && one.value !== null ? [one.value] : []));
    try {
      for (const one of asked) if (one.status === 'rejected') throw one.reason;
      return sums.length === helpers.length ? this.checked(encoded, sums) : null;
    } finally {
      wipe(sums);
    }
  }

  private async dealing(node: number, session: RepairSession, signature: Bytes): Promise<ResponseOf<typeof peerRepairDeal>> {
    const { peers, group, verifier, roster } = this.options;
    try {
      const dealing = await peers.ask(peerRepairDeal, node, { session, signature });
      const id = sessionId(session);
      const record = parseRecord(dealing.record, group.isPoint);
      const complete = session.helpers.every((to) => {
        const part = dealing.parts.find((one) => one.to === to);
        return (
          part !== undefined &&
          verifier.verify(memberKey(roster, node), partMessage('repair-part', id, node, to, part.sealed), part.signature)
        );
      });
      if (!complete || !equal(hashOf(record), session.recordHash) || !equal(record.uid, session.uid))
        throw new VaultError('NODE_MISBEHAVED', 'the dealing is not what was asked for', { node });
      return dealing;
    } catch (error) {
      if (error instanceof VaultError) throw new HelperFailed(node, error);
      throw error;
    }
  }

  /** @returns null when no sum came of it: whether the helper lies or one that dealt to it, this node cannot tell */
  private async sum(
    node: number,
    session: RepairSession,
    signature: Bytes,
    dealings: readonly ResponseOf<typeof peerRepairDeal>[],
    recipient: HpkeRecipient,
  ): Promise<Bytes | null> {
    const { peers, verifier, roster } = this.options;
    const parts = dealings.flatMap((dealing, i) =>
      dealing.parts
        .filter(({ to }) => to === node)
        .map((part) => ({ from: session.helpers[i] ?? 0, sealed: part.sealed, signature: part.signature })),
    );
    const id = sessionId(session);
    try {
      const { sealed, signature: signed } = await peers.ask(peerRepairSum, node, { session, signature, parts });
      if (!verifier.verify(memberKey(roster, node), partMessage('repair-sum', id, node, session.target, sealed), signed)) return null;
      return openNow(recipient, sealed, partInfo('repair-sum', id, node, session.target), session.recordHash);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      if (error.code === 'FLEET_UNAVAILABLE') throw new HelperFailed(node, error);
      this.options.log.warn({ event: 'repair.sum-failed', node, code: error.code });
      return null;
    }
  }

  /** Whatever the helpers say: a share is kept only if the record's commitments and digests promise it. */
  private checked(encoded: Bytes, sums: readonly Bytes[]): RebuiltShare | null {
    const { group, roster } = this.options;
    const record = parseRecord(encoded, group.isPoint);
    let share: Bytes | null = null;
    try {
      share = addPairs(group, sums);
      const [keyShare, secretShare] = [share.subarray(0, 32), share.subarray(32)];
      if (!isScalar(keyShare) || !isScalar(secretShare)) throw new VaultError('REQUEST_INVALID', 'no share');
      checkShare(group, record, roster.self, { keyShare, secretShare });
      return { record, encoded, share };
    } catch (error) {
      share?.fill(0);
      if (!(error instanceof VaultError) || error.code !== 'REQUEST_INVALID') throw error;
      this.options.log.warn({ event: 'repair.share-contradicts-record', reason: error.message });
      return null;
    }
  }
}

/** Different accounts begin with different helpers, so that the work spreads. */
function turned(nodes: readonly number[], by: number): readonly number[] {
  const sorted = [...nodes].sort((a, b) => a - b);
  const start = sorted.length === 0 ? 0 : by % sorted.length;
  return [...sorted.slice(start), ...sorted.slice(0, start)];
}
