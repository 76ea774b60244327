import { peerDigests, peerRange, peerRangePage } from '@strongroom/contracts';
import { decodeMessage } from '@strongroom/platform';
import { memberKey, VaultError, type Bytes, type RandomSource, type SignatureVerifier, type Signer } from '@strongroom/protocol';
import type { z } from 'zod';
import type { PeerCalls } from '../peers/peer-calls.js';
import type { Roster } from '../roster/roster.js';
import { untilStopped } from './until-stopped.js';
import { rangeOf } from './account-leaf.js';
import { RANGE_PAGE_BYTES } from './anti-entropy-desk.js';
import { answerMessage, digestsQuestionMessage, rangeQuestionMessage } from './anti-entropy-message.js';

export type RangePage = z.output<typeof peerRangePage>;

export interface PeerQuestionsOptions {
  readonly peers: Pick<PeerCalls, 'ask'>;
  readonly roster: Roster;
  readonly signer: Signer;
  readonly verifier: SignatureVerifier;
  readonly random: RandomSource;
  readonly signal: AbortSignal;
}

/** Asks peers what they hold. Each question is signed for the one peer, each answer by the peer for the one question. */
export class PeerQuestions {
  constructor(private readonly options: PeerQuestionsOptions) {}

  /** @returns 64 digests, one behind the other. @throws NODE_MISBEHAVED, or as the peer refuses or stays silent */
  async digests(node: number, group: number | null): Promise<Bytes> {
    const { peers, signer, signal } = this.options;
    const question = { ...this.head(), group };
    const message = digestsQuestionMessage(question, node);
    const { digests, signature } = await untilStopped(
      peers.ask(peerDigests, node, { ...question, signature: signer.sign(message) }),
      signal,
    );
    this.require(node, answerMessage('digests-answer', message, digests), signature);
    return digests;
  }

  /** @throws as `digests`; NODE_MISBEHAVED for a page that is not of the range, or has no order in which it could end */
  async page(node: number, range: number, after: Bytes | null): Promise<RangePage> {
    const { peers, signer, signal } = this.options;
    const question = { ...this.head(), range, after };
    const message = rangeQuestionMessage(question, node);
    const { page, signature } = await untilStopped(peers.ask(peerRange, node, { ...question, signature: signer.sign(message) }), signal);
    this.require(node, answerMessage('range-answer', message, page), signature);
    const told = decodeMessage(page, RANGE_PAGE_BYTES, peerRangePage);
    if (!isInOrder(told, range, after)) throw new VaultError('NODE_MISBEHAVED', 'a page of accounts is not of its range', { node });
    return told;
  }

  private head(): { readonly fleetId: string; readonly epoch: number; readonly node: number; readonly nonce: Bytes } {
    const { roster, random } = this.options;
    return { fleetId: roster.fleetId, epoch: roster.epoch, node: roster.self, nonce: random.bytes(32) };
  }

  private require(node: number, message: Bytes, signature: Bytes): void {
    const { roster, verifier } = this.options;
    if (!verifier.verify(memberKey(roster, node), message, signature))
      throw new VaultError('NODE_MISBEHAVED', 'an answer is not signed by its peer for this question', { node });
  }
}

/** Ids rise from page to page: whoever lies about them cannot show one twice, nor lead back. */
function isInOrder({ accounts, next }: RangePage, range: number, after: Bytes | null): boolean {
  let before = after;
  for (const { uid } of accounts) {
    if (rangeOf(uid) !== range || (before !== null && Buffer.compare(uid, before) <= 0)) return false;
    before = uid;
  }
  return next === null || (accounts.length > 0 && before !== null && Buffer.compare(next, before) === 0);
}
