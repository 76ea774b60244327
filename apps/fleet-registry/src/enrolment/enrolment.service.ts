import { Injectable } from '@nestjs/common';
import type { Bytes } from '@strongroom/protocol';
import { Clock } from '@strongroom/platform';
import { admitStatement, type EnrolledNode } from './enrolment.js';
import { EnrolmentStore } from './enrolment.store.js';

/** So that the list always fits into one answer. */
const LIST_LIMIT = 500;

@Injectable()
export class EnrolmentService {
  constructor(
    private readonly store: EnrolmentStore,
    private readonly clock: Clock,
  ) {}

  /** @returns the statement's digest, the same each time. @throws REQUEST_INVALID */
  async submit(statement: Bytes): Promise<string> {
    const node = admitStatement(statement, this.clock.nowMs());
    await this.store.admit(node);
    return node.digest;
  }

  list(): Promise<readonly EnrolledNode[]> {
    return this.store.newest(LIST_LIMIT);
  }
}
