import type { attemptConfirm, attemptEvaluate, RequestOf, ResponseOf } from '@strongroom/contracts';
import {
  countedAttempts,
  entryId,
  equal,
  evaluationMessage,
  lastOkOf,
  parseLogValue,
  settledState,
  VaultError,
  type AccountPolicy,
  type AttemptCore,
  type Bytes,
  type DecidedSet,
  type FleetRoster,
  type Signer,
} from '@strongroom/protocol';
import type { ShareKeeper } from '../account/share-keeper.js';
import type { DecidedAttempt, Evaluator } from '../evaluation/evaluator.js';
import { votedSharingOf } from '../refresh/voted-sharing.js';
import type { DecidedSets } from '../log/decided-sets.js';
import type { LogEngine } from '../log/log-engine.js';
import { travellingSet, type CatchUp } from '../peers/catch-up.js';
import type { Liveness } from '../peers/liveness.js';
import type { ShareVault } from '../shares/share-vault.js';

export interface AttemptServiceOptions {
  readonly engine: LogEngine;
  readonly sets: DecidedSets;
  readonly catchUp: CatchUp;
  readonly liveness: Liveness;
  readonly vault: ShareVault;
  readonly keeper: Pick<ShareKeeper, 'obtain' | 'isErasing'>;
  readonly evaluator: Evaluator;
  readonly signer: Signer;
  readonly roster: FleetRoster;
  readonly self: number;
  readonly policy: AccountPolicy;
  readonly nowMs: () => number;
  readonly onReleased: (attemptId: Bytes) => void;
}

interface OpenAttempt {
  readonly core: AttemptCore;
  readonly attempt: DecidedAttempt;
  /** By this node's own log: voters who do not agree about the log may count otherwise. */
  readonly isOneTooMany: boolean;
}

/** What a node does for an attempt after the votes: evaluates it, and once it is confirmed releases its secret share. */
export class AttemptService {
  constructor(private readonly options: AttemptServiceOptions) {}

  /** Nothing leaves before this node holds q valid votes for exactly this attempt, nor for a number below lastOk (PROTOCOL 6.2). */
  async evaluate(request: RequestOf<typeof attemptEvaluate>): Promise<ResponseOf<typeof attemptEvaluate>> {
    const { sets, evaluator, vault, keeper, signer, self, onReleased } = this.options;
    const { uid, attemptId, waitMs, decided } = request;
    if (decided !== undefined) await this.learn(uid, decided);
    const set = sets.find(uid, attemptId) ?? (await sets.wait(uid, attemptId, waitMs));
    await keeper.obtain(uid, this.evaluable(uid, attemptId, set).attempt.recordHash);
    // Judged again: while peers were asked, a confirmation or another version may have overtaken it.
    const { core, attempt } = this.evaluable(uid, attemptId, set);
    const record = vault.record(uid, attempt.recordHash);
    if (record === null) throw new VaultError('RECORD_UNKNOWN', 'this node holds no share of that version');
    const evaluation = evaluator.evaluate(attempt, core.blinded);
    const signature = signer.sign(evaluationMessage(attempt, attempt.recordHash, evaluation));
    onReleased(attemptId);
    const votedSharing = votedSharingOf(this.options.sets, this.options.engine.account(uid), set.index);
    return { node: self, decided: travellingSet(set), evaluation, record, ...(votedSharing !== null && { votedSharing }), signature };
  }

  /**
   * The confirmation is on this node's disk before its secret share leaves it (PROTOCOL 6). One of an attempt below
   * lastOk counts nothing and releases all the same: two devices with the right code may confirm in any order.
   */
  async confirm(request: RequestOf<typeof attemptConfirm>): Promise<ResponseOf<typeof attemptConfirm>> {
    const { engine, sets, evaluator, keeper, self } = this.options;
    const { confirmation, decided } = request;
    const { uid, attemptId, index } = confirmation;
    if (decided !== undefined) await this.learn(uid, decided);
    if (engine.account(uid).state.index < index) await this.askPeers(uid, index);
    for (const effect of await engine.post(uid, { kind: 'confirm', confirmation })) {
      if (effect.kind === 'confirm-refused') throw effect.error;
    }
    const set = sets.find(uid, attemptId);
    if (set === null) throw new VaultError('FLEET_UNAVAILABLE', 'the attempt is not decided at this node');
    await keeper.obtain(uid, this.open(uid, attemptId, set).attempt.recordHash);
    const { core, attempt } = this.open(uid, attemptId, set);
    if (keeper.isErasing(uid)) throw new VaultError('RECORD_LOCKED', 'the time for a confirmation is over', { attemptsLeft: 0 });
    return { node: self, sealedSecret: await evaluator.releaseSecret(attempt, core.ephemeralKey) };
  }

  /** @throws CONFLICT when a later number is confirmed, RECORD_LOCKED beyond the N-th, and as `open` does */
  private evaluable(uid: Bytes, attemptId: Bytes, set: DecidedSet): OpenAttempt {
    const opened = this.open(uid, attemptId, set);
    // Whatever others voted: what bounds the guesses beyond the corrupt nodes that a fleet bears (I1).
    if (opened.isOneTooMany) throw new VaultError('RECORD_LOCKED', 'no attempt is left', { attemptsLeft: 0 });
    if (set.index < lastOkOf(this.options.engine.account(uid))) throw new VaultError('CONFLICT', 'a later attempt is confirmed already');
    return opened;
  }

  private open(uid: Bytes, attemptId: Bytes, set: DecidedSet): OpenAttempt {
    const { engine, roster, self, policy, nowMs } = this.options;
    const account = engine.account(uid);
    const lastOk = lastOkOf(account);
    // The points were checked when the value was accepted or learned.
    const value = parseLogValue(set.value, () => true);
    const { core } = value.entry;
    // Whoever brought the set: a share is never used on another account's attempt (PROTOCOL 6.2).
    if (!equal(core.uid, uid) || !equal(entryId(core), attemptId))
      throw new VaultError('REQUEST_INVALID', 'the set decides another attempt', { field: 'attemptId' });
    if (core.kind !== 'attempt') throw new VaultError('REQUEST_INVALID', 'the entry is not an attempt', { field: 'attemptId' });
    const { active } = settledState(account.state, lastOk, nowMs(), policy);
    if (active === null || active.ver !== core.ver) throw new VaultError('RECORD_UNKNOWN', 'the version is no longer living');
    const counted = countedAttempts(account.state, Math.max(lastOk, value.lastOk)).filter(({ index }) => index <= set.index);
    const { fleetId, epoch } = roster;
    const attempt = { fleetId, epoch, node: self, uid, ver: core.ver, index: set.index, attemptId, recordHash: active.recordHash };
    return { core, attempt, isOneTooMany: counted.length > policy.attempts };
  }

  /** A set that holds, further on than the next index, says that this node lags. @throws NODE_MISBEHAVED when it does not hold */
  private async learn(uid: Bytes, decided: DecidedSet): Promise<void> {
    const { engine, sets } = this.options;
    await sets.learn(uid, [decided]);
    await this.askPeers(uid, decided.index);
    if (engine.account(uid).state.index < decided.index) await sets.learn(uid, [decided]);
  }

  private async askPeers(uid: Bytes, index: number): Promise<void> {
    const { engine, catchUp, liveness } = this.options;
    for (const node of liveness.livePeers) {
      if (engine.account(uid).state.index >= index) return;
      await catchUp.fetch(uid, node);
    }
  }
}
