import type { accountStatus as accountStatusContract, RequestOf, ResponseOf } from '@strongroom/contracts';
import {
  accountStatus,
  encodeAccountStatement,
  lastOkOf,
  nextAttemptAtMs,
  parseStatusQuery,
  settledState,
  spentAttempts,
  type AccountPolicy,
  type AccountStatement,
  type Bytes,
  type FleetRoster,
} from '@strongroom/protocol';
import { incarnationsOf } from '../log/chain.js';
import type { LogEngine } from '../log/log-engine.js';
import type { OwnerQuestions } from './owner-questions.js';

/** Tells the owner, and nobody else, how this node sees an account (PROTOCOL 4.4, 6.7). */
export class StatusService {
  constructor(
    private readonly questions: OwnerQuestions,
    private readonly engine: LogEngine,
    private readonly roster: FleetRoster,
    private readonly self: number,
    private readonly policy: AccountPolicy,
    private readonly nowMs: () => number,
  ) {}

  /** @throws TOKEN_INVALID unless the query is signed by the key that a valid token of this account is bound to */
  async answer(request: RequestOf<typeof accountStatusContract>): Promise<ResponseOf<typeof accountStatusContract>> {
    const query = parseStatusQuery(request.query);
    await this.questions.admit(request, query);
    const statement = encodeAccountStatement(this.statement(query.uid, query.nonce, this.nowMs()));
    return { statement: this.questions.sign(statement) };
  }

  private statement(uid: Bytes, nonce: Bytes, nowMs: number): AccountStatement {
    const account = this.engine.account(uid);
    const lastOk = lastOkOf(account);
    const state = settledState(account.state, lastOk, nowMs, this.policy);
    return {
      fleetId: this.roster.fleetId,
      epoch: this.roster.epoch,
      node: this.self,
      incarnations: incarnationsOf(this.engine.chain),
      uid,
      index: state.index,
      ver: state.ver,
      activeVer: state.active?.ver ?? 0,
      status: accountStatus(state, lastOk, this.policy),
      recordHash: state.active?.recordHash ?? new Uint8Array(32),
      spent: spentAttempts(state, lastOk),
      attempts: this.policy.attempts,
      lastOk,
      pendingAtMs: state.pending === null ? 0 : state.pending.stampMs + this.policy.coolDownMs,
      retryAtMs: nextAttemptAtMs(state, lastOk, nowMs, this.policy),
      nonce,
    };
  }
}
