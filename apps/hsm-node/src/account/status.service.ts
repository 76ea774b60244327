import type { accountStatus as accountStatusContract, RequestOf, ResponseOf } from '@strongroom/contracts';
import type { TokenVerifier } from '@strongroom/platform';
import { isBoundTo } from '@strongroom/platform';
import {
  accountId,
  accountStatus,
  encodeAccountStatement,
  equal,
  lastOkOf,
  nextAttemptAtMs,
  parseStatusQuery,
  settledState,
  signBatch,
  spentAttempts,
  VaultError,
  type AccountPolicy,
  type AccountStatement,
  type Bytes,
  type FleetRoster,
  type SignatureVerifier,
  type Signer,
} from '@strongroom/protocol';
import { incarnationsOf } from '../log/chain.js';
import type { LogEngine } from '../log/log-engine.js';
import type { CatchUp } from '../peers/catch-up.js';

const MAX_QUERY_AGE_MS = 5 * 60_000;

/** Tells the owner, and nobody else, how this node sees an account (PROTOCOL 4.4, 6.7). */
export class StatusService {
  constructor(
    private readonly engine: LogEngine,
    private readonly catchUp: Pick<CatchUp, 'fetch'>,
    private readonly tokens: TokenVerifier,
    private readonly roster: FleetRoster,
    private readonly self: number,
    private readonly policy: AccountPolicy,
    private readonly signer: Signer,
    private readonly verifier: SignatureVerifier,
    private readonly nowMs: () => number,
  ) {}

  /** @throws TOKEN_INVALID unless the query is signed by the key that a valid token of this account is bound to */
  async answer(request: RequestOf<typeof accountStatusContract>): Promise<ResponseOf<typeof accountStatusContract>> {
    const query = parseStatusQuery(request.query);
    const nowMs = this.nowMs();
    const { status, claims } = await this.tokens.verify(request.token, nowMs);
    const mine = equal(accountId(claims.iss, claims.sub), query.uid) && isBoundTo(claims, query.bindingKey);
    if (status !== 'valid' || !mine || !this.verifier.verify(query.bindingKey, request.query, request.signature)) {
      throw new VaultError('TOKEN_INVALID', 'the query is not by the holder of a valid token of this account');
    }
    if (query.fleetId !== this.roster.fleetId || Math.abs(nowMs - query.askedAtMs) > MAX_QUERY_AGE_MS) {
      throw new VaultError('REQUEST_INVALID', 'the query is for another fleet or too old', { field: 'query' });
    }
    await this.settle(query.uid);
    const statement = encodeAccountStatement(this.statement(query.uid, query.nonce, nowMs));
    const head = { node: this.self, incarnation: this.engine.chain.own.incarnation, sequence: 0, previous: new Uint8Array(32) };
    const signed = signBatch(this.roster, head, [statement], this.signer).statements[0];
    if (signed === undefined) throw new VaultError('INTERNAL', 'no statement was signed');
    return { statement: signed };
  }

  /**
   * What this node voted for may be decided and acknowledged by now: of q nodes that are asked one at least has voted, so
   * nobody who was told hears of an earlier state. Whoever proposed it has the votes.
   */
  private async settle(uid: Bytes): Promise<void> {
    const { accepted } = this.engine.account(uid);
    if (accepted !== null && accepted.ballot.node !== this.self) await this.catchUp.fetch(uid, accepted.ballot.node);
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
