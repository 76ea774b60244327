import type { TokenVerifier } from '@strongroom/platform';
import { isBoundTo } from '@strongroom/platform';
import {
  accountId,
  equal,
  signBatch,
  VaultError,
  type Bytes,
  type FleetRoster,
  type SignatureVerifier,
  type SignedStatement,
  type Signer,
  type StatusQuery,
} from '@strongroom/protocol';
import type { LogEngine } from '../log/log-engine.js';
import type { CatchUp } from '../peers/catch-up.js';

const MAX_QUERY_AGE_MS = 5 * 60_000;

export interface OwnerQuestionsOptions {
  readonly engine: LogEngine;
  readonly catchUp: Pick<CatchUp, 'fetch'>;
  readonly tokens: TokenVerifier;
  readonly roster: FleetRoster;
  readonly self: number;
  readonly signer: Signer;
  readonly verifier: SignatureVerifier;
  readonly nowMs: () => number;
}

/** Questions that only the owner of an account may ask, and answers signed outside the chain of batches (PROTOCOL 4.5, 7.1). */
export class OwnerQuestions {
  constructor(private readonly options: OwnerQuestionsOptions) {}

  /**
   * Resolves when the question may be answered, with what this node voted for settled where that is possible.
   * @param query what `request.query` says
   * @throws TOKEN_INVALID unless the query is signed by the key that a valid token of this account is bound to
   */
  async admit(request: { readonly query: Bytes; readonly signature: Bytes; readonly token: string }, query: StatusQuery): Promise<void> {
    const { tokens, roster, verifier, nowMs } = this.options;
    const { status, claims } = await tokens.verify(request.token, nowMs());
    const mine = equal(accountId(claims.iss, claims.sub), query.uid) && isBoundTo(claims, query.bindingKey);
    if (status !== 'valid' || !mine || !verifier.verify(query.bindingKey, request.query, request.signature)) {
      throw new VaultError('TOKEN_INVALID', 'the query is not by the holder of a valid token of this account');
    }
    if (query.fleetId !== roster.fleetId || Math.abs(nowMs() - query.askedAtMs) > MAX_QUERY_AGE_MS) {
      throw new VaultError('REQUEST_INVALID', 'the query is for another fleet or too old', { field: 'query' });
    }
    await this.settle(query.uid);
  }

  sign(statement: Bytes): SignedStatement {
    const { engine, roster, self, signer } = this.options;
    const head = { node: self, incarnation: engine.chain.own.incarnation, sequence: 0, previous: new Uint8Array(32) };
    const signed = signBatch(roster, head, [statement], signer).statements[0];
    if (signed === undefined) throw new VaultError('INTERNAL', 'no statement was signed');
    return signed;
  }

  /**
   * What this node voted for may be decided and acknowledged by now: of q nodes that are asked one at least has voted, so
   * nobody who was told hears of an earlier state. Whoever proposed it has the votes.
   */
  private async settle(uid: Bytes): Promise<void> {
    const { engine, catchUp, self } = this.options;
    const { accepted } = engine.account(uid);
    if (accepted !== null && accepted.ballot.node !== self) await catchUp.fetch(uid, accepted.ballot.node);
  }
}
