import { peerRangePage, type peerDigests, type peerRange, type RequestOf, type ResponseOf } from '@strongroom/contracts';
import { encodeMessage } from '@strongroom/platform';
import { memberKey, VaultError, type Bytes, type SignatureVerifier, type Signer } from '@strongroom/protocol';
import type { z } from 'zod';
import type { Roster } from '../roster/roster.js';
import type { AccountIndex } from './account-index.js';
import { answerMessage, digestsQuestionMessage, rangeQuestionMessage, type DigestsQuestion } from './anti-entropy-message.js';
import { AskingAllowance } from './asking-allowance.js';

export interface AntiEntropyDeskOptions {
  readonly index: AccountIndex;
  readonly roster: Roster;
  readonly signer: Signer;
  readonly verifier: SignatureVerifier;
  /** Accounts in a page at most. */
  readonly accounts: number;
  readonly nowMs: () => number;
}

export const RANGE_PAGE_BYTES: number = 48 * 1024;

/** Tells members of this node's own epoch what it holds, as far as they may ask (PROTOCOL 7.4). */
export class AntiEntropyDesk {
  private readonly allowance: AskingAllowance;

  constructor(private readonly options: AntiEntropyDeskOptions) {
    this.allowance = new AskingAllowance(options.nowMs);
  }

  /** @throws TOKEN_INVALID unless the member itself asks; RATE_LIMITED; FLEET_UNAVAILABLE while this node does not compare */
  async digests({ signature, ...question }: RequestOf<typeof peerDigests>): Promise<ResponseOf<typeof peerDigests>> {
    const { index, roster, signer } = this.options;
    const message = digestsQuestionMessage(question, roster.self);
    this.require(question, message, signature);
    const digests = await index.digests(question.group);
    return { digests, signature: signer.sign(answerMessage('digests-answer', message, digests)) };
  }

  /** @throws as `digests` */
  range({ signature, ...question }: RequestOf<typeof peerRange>): ResponseOf<typeof peerRange> {
    const { index, roster, signer, accounts: limit } = this.options;
    const message = rangeQuestionMessage(question, roster.self);
    this.require(question, message, signature);
    const accounts = index.leaves(question.range, question.after, limit);
    const next = accounts.length < limit ? null : (accounts.at(-1)?.uid ?? null);
    const told: z.input<typeof peerRangePage> = { accounts: [...accounts], next };
    const page = encodeMessage(told, RANGE_PAGE_BYTES);
    return { page, signature: signer.sign(answerMessage('range-answer', message, page)) };
  }

  private require({ fleetId, epoch, node }: Omit<DigestsQuestion, 'group'>, message: Bytes, signature: Bytes): void {
    const { index, roster, verifier } = this.options;
    if (fleetId !== roster.fleetId || epoch !== roster.epoch || node === roster.self)
      throw new VaultError('REQUEST_INVALID', 'not a peer of this epoch', { field: 'node' });
    if (!verifier.verify(memberKey(roster, node), message, signature))
      throw new VaultError('TOKEN_INVALID', 'the question is not signed by the member');
    const retryAtMs = this.allowance.take(node);
    if (retryAtMs !== null) throw new VaultError('RATE_LIMITED', 'this peer asks too much', { retryAtMs });
    if (!index.isComplete) throw new VaultError('FLEET_UNAVAILABLE', 'this node does not compare its accounts now');
  }
}
