import { Injectable } from '@nestjs/common';
import { accountHistory, type historyResponse, type ResponseOf } from '@strongroom/contracts';
import { equal, historyPageHash, parseHistoryQuery, parseHistoryStatement, VaultError } from '@strongroom/protocol';
import type { z } from 'zod';
import { toText } from '../encoding/base64url.js';
import { toStatementJson } from '../encoding/decided-json.js';
import type { Account } from '../token/account.js';
import { OwnerQuestions } from './owner-questions.js';

type Answer = ResponseOf<typeof accountHistory>;
type HistoryAnswer = Omit<z.infer<typeof historyResponse>, 'bundle'>;

/** Collects a page of the account's history from the nodes, each signed by its own (PROTOCOL 4.7). The client checks them all again. */
@Injectable()
export class HistoryService {
  constructor(private readonly questions: OwnerQuestions) {}

  /** @param proof the header with the signed HistoryQuery @throws as OwnerQuestions.ask */
  async history(account: Account, proof: unknown): Promise<HistoryAnswer> {
    const answers = await this.questions.ask(account, proof, {
      contract: accountHistory,
      parse: parseHistoryQuery,
      check: requireItsPage,
    });
    return { pages: answers.map(({ statement, page }) => ({ statement: toStatementJson(statement), page: toText(page) })) };
  }
}

function requireItsPage({ statement, page }: Answer, node: number): void {
  if (!equal(parseHistoryStatement(statement.statement).pageHash, historyPageHash(page))) {
    throw new VaultError('NODE_MISBEHAVED', 'sends another page than it signed', { node });
  }
}
