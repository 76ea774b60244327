import { peerRejoin, peerState, type RequestOf, type ResponseOf } from '@strongroom/contracts';
import { equal, memberKey, VaultError, type Bytes, type FleetRoster, type SignatureVerifier, type Signer } from '@strongroom/protocol';
import type { AccountRows } from '../log/account-rows.js';
import { incarnationsOf, seenOf } from '../log/chain.js';
import type { LogEngine } from '../log/log-engine.js';
import type { Hearsay } from './hearsay.js';
import { encodeRejoinAnswer, rejoinQuestionMessage, statePageMessage } from './rejoin-message.js';
import { encodeStatePage, PAGE_ACCOUNTS } from './state-page.js';

type RejoinRequest = RequestOf<typeof peerRejoin>;
type RejoinResponse = ResponseOf<typeof peerRejoin>;

/** Answers peers that rejoin, from the first moment on, even while this node rejoins itself (PROTOCOL 7.3). */
export class RejoinDesk {
  private readonly answered = new Map<number, { readonly nonce: Bytes; readonly response: RejoinResponse }>();

  constructor(
    private readonly engine: LogEngine,
    private readonly rows: AccountRows,
    private readonly roster: FleetRoster,
    private readonly self: number,
    private readonly signer: Signer,
    private readonly verifier: SignatureVerifier,
    private readonly hearsay: Hearsay,
  ) {}

  /**
   * Stores the higher incarnation first: from then on this node's votes and promises say so. The same question again,
   * told by its nonce, gets the same answer.
   * @throws CONFLICT with the highest incarnation known; TOKEN_INVALID when the question is not the member's own
   */
  async answer(request: RejoinRequest): Promise<RejoinResponse> {
    const { fleetId, epoch, node, incarnation, nonce, signature } = request;
    if (fleetId !== this.roster.fleetId || epoch !== this.roster.epoch || node === this.self)
      throw new VaultError('REQUEST_INVALID', 'not a peer of this epoch', { field: 'node' });
    if (!this.verifier.verify(memberKey(this.roster, node), rejoinQuestionMessage(request), signature)) {
      throw new VaultError('TOKEN_INVALID', 'the question is not signed by the member');
    }
    const known = this.answered.get(node);
    if (known !== undefined && equal(known.nonce, nonce)) return known.response;
    const seen = this.hearsay.seenItself(this.engine.chain, node);
    const highest = seenOf(this.engine.chain, node);
    if (incarnation <= seen.incarnation || incarnation < highest.incarnation)
      throw new VaultError('CONFLICT', 'the incarnation is not higher', { incarnation: highest.incarnation, sequence: highest.sequence });
    this.hearsay.answered(node);
    await this.engine.fence(node, incarnation);
    const answer = encodeRejoinAnswer({
      fleetId,
      epoch,
      node,
      incarnation,
      nonce,
      answerer: this.self,
      seen,
      incarnations: incarnationsOf(this.engine.chain),
    });
    const response = { answer, signature: this.signer.sign(answer) };
    this.answered.set(node, { nonce, response });
    return response;
  }

  /** @throws CONFLICT for anybody but the node whose question was answered last */
  page({ node, nonce, after }: RequestOf<typeof peerState>): ResponseOf<typeof peerState> {
    const known = this.answered.get(node);
    if (known === undefined || !equal(known.nonce, nonce))
      throw new VaultError('CONFLICT', 'no rejoin question with this nonce was answered');
    const { accounts, next } = this.rows.page(after, PAGE_ACCOUNTS);
    // What was decided since the last flush is newer than the row.
    const page = encodeStatePage(
      accounts.map(({ uid }) => this.engine.account(uid)),
      next,
    );
    return { page, signature: this.signer.sign(statePageMessage(this.roster, this.self, nonce, page)) };
  }
}
