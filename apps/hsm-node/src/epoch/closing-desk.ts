import type { peerClosed, peerClosedState, RequestOf, ResponseOf } from '@strongroom/contracts';
import { equal, memberKey, VaultError, type FleetRoster, type SignatureVerifier, type Signer } from '@strongroom/protocol';
import type { AccountRows } from '../log/account-rows.js';
import { encodeStatePage, PAGE_ACCOUNTS } from '../peers/state-page.js';
import { closedMessage, closedPageMessage, closingQuestionMessage, type ClosingSubject } from './closing-message.js';
import type { EpochMarks } from './epoch-marks.js';

/**
 * Vouches to members of the epoch `next` that this node has closed the one before, and hands over what it holds. Rows
 * that have moved on since then serve as well: index, confirmation and accepted ballot only grow, and whatever was
 * decided before is in them (PROTOCOL 7.5).
 */
export class ClosingDesk {
  private readonly asked = new Map<number, ClosingSubject>();

  constructor(
    private readonly rows: Pick<AccountRows, 'page'>,
    private readonly marks: EpochMarks,
    private readonly next: FleetRoster & { readonly self: number },
    private readonly signer: Signer,
    private readonly verifier: SignatureVerifier,
  ) {}

  /** @throws CONFLICT while this node has not closed the epoch; TOKEN_INVALID when the question is not the member's own */
  answer({ signature, ...subject }: RequestOf<typeof peerClosed>): ResponseOf<typeof peerClosed> {
    const { fleetId, epoch, node } = subject;
    if (fleetId !== this.next.fleetId || epoch !== this.next.epoch - 1)
      throw new VaultError('REQUEST_INVALID', 'not the epoch before this one', { field: 'epoch' });
    if (!this.verifier.verify(memberKey(this.next, node), closingQuestionMessage(subject), signature))
      throw new VaultError('TOKEN_INVALID', 'the question is not signed by the member');
    if (!this.marks.isClosed(epoch)) throw new VaultError('CONFLICT', 'this node has not closed the epoch', { epoch });
    this.asked.set(node, subject);
    return { signature: this.signer.sign(closedMessage(subject, this.next.self)) };
  }

  /** @throws CONFLICT for anybody but the node whose question was answered last */
  page({ node, nonce, after }: RequestOf<typeof peerClosedState>): ResponseOf<typeof peerClosedState> {
    const subject = this.asked.get(node);
    if (subject === undefined || !equal(subject.nonce, nonce))
      throw new VaultError('CONFLICT', 'no closing question with this nonce was answered');
    const { accounts, next } = this.rows.page(after, PAGE_ACCOUNTS);
    const page = encodeStatePage(accounts, next);
    return { page, signature: this.signer.sign(closedPageMessage(subject, this.next.self, page)) };
  }
}
