import { Injectable } from '@nestjs/common';
import { accountStatus, type statusResponse } from '@strongroom/contracts';
import { parseStatusQuery } from '@strongroom/protocol';
import type { z } from 'zod';
import { toStatementJson } from '../encoding/decided-json.js';
import type { Account } from '../token/account.js';
import { OwnerQuestions } from './owner-questions.js';

type StatusAnswer = Omit<z.infer<typeof statusResponse>, 'bundle'>;

/** Collects the nodes' own signed views of an account. */
@Injectable()
export class StatusService {
  constructor(private readonly questions: OwnerQuestions) {}

  /** @param proof the header with the signed StatusQuery @throws as OwnerQuestions.ask */
  async status(account: Account, proof: unknown): Promise<StatusAnswer> {
    const answers = await this.questions.ask(account, proof, { contract: accountStatus, parse: parseStatusQuery });
    return { statements: answers.map(({ statement }) => toStatementJson(statement)) };
  }
}
