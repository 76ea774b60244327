import type { accountHistory, RequestOf, ResponseOf } from '@strongroom/contracts';
import { encodeHistoryPage, encodeHistoryStatement, historyPageHash, parseHistoryQuery, type FleetRoster } from '@strongroom/protocol';
import type { OwnerQuestions } from '../account/owner-questions.js';
import { incarnationsOf } from '../log/chain.js';
import type { LogEngine } from '../log/log-engine.js';
import type { AccountHistory } from './account-history.js';

/** Tells the owner, and nobody else, what was decided about the account, page by page, each signed (PROTOCOL 4.7). */
export class HistoryService {
  constructor(
    private readonly questions: OwnerQuestions,
    private readonly engine: LogEngine,
    private readonly history: AccountHistory,
    private readonly roster: FleetRoster,
    private readonly self: number,
  ) {}

  /** @throws TOKEN_INVALID unless the query is signed by the key that a valid token of this account is bound to */
  async answer(request: RequestOf<typeof accountHistory>): Promise<ResponseOf<typeof accountHistory>> {
    const query = parseHistoryQuery(request.query);
    await this.questions.admit(request, query);
    const { uid, before, nonce } = query;
    await this.engine.settled();
    const { state, accepted } = this.engine.account(uid);
    const held = this.history.held(uid, state.index);
    const page = encodeHistoryPage(this.history.page(uid, held, before));
    const statement = encodeHistoryStatement({
      fleetId: this.roster.fleetId,
      epoch: this.roster.epoch,
      node: this.self,
      incarnations: incarnationsOf(this.engine.chain),
      uid,
      ...held,
      before,
      open: accepted !== null || held.index < state.index,
      pageHash: historyPageHash(page),
      nonce,
    });
    return { statement: this.questions.sign(statement), page };
  }
}
