import { Injectable } from '@nestjs/common';
import { nodeEnrolled } from '@strongroom/contracts';
import { inTransaction, Outbox, OutboxRelay } from '@strongroom/platform/database';
import { parseEnrolment } from '@strongroom/transparency';
import { DataSource } from 'typeorm';
import { EnrolmentEntity } from './enrolment.entity.js';
import type { EnrolledNode } from './enrolment.js';
import { EnrolmentStore } from './enrolment.store.js';

@Injectable()
export class PgEnrolmentStore extends EnrolmentStore {
  constructor(
    private readonly source: DataSource,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
  ) {
    super();
  }

  override async admit({ digest, statement, enrolment, enrolledAtMs }: EnrolledNode): Promise<void> {
    await inTransaction(this.source, async (manager) => {
      const row = { digest, statement: Buffer.from(statement), enrolledAt: new Date(enrolledAtMs) };
      const { raw } = await manager
        .createQueryBuilder()
        .insert()
        .into(EnrolmentEntity)
        .values(row)
        .orIgnore()
        .returning('digest')
        .execute();
      if (raw.length > 0) await this.outbox.add(manager, nodeEnrolled, { digest, environment: enrolment.environment });
    });
    this.relay.wake();
  }

  override async newest(limit: number): Promise<readonly EnrolledNode[]> {
    const rows = await inTransaction(this.source, (manager) => manager.find(EnrolmentEntity, { order: { position: 'DESC' }, take: limit }));
    return rows.reverse().map(enrolledNode);
  }
}

function enrolledNode({ digest, statement, enrolledAt }: EnrolmentEntity): EnrolledNode {
  const { enrolment } = parseEnrolment(new Uint8Array(statement));
  return { digest, statement: new Uint8Array(statement), enrolment, enrolledAtMs: enrolledAt.getTime() };
}
