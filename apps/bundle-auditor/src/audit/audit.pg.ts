import { Injectable } from '@nestjs/common';
import { toHex, type Bytes } from '@strongroom/protocol';
import { inTransaction } from '@strongroom/platform/database';
import { enrolmentDigest } from '@strongroom/transparency';
import { Between, DataSource, type EntityManager } from 'typeorm';
import { SignedEpochEntity, StatementEntity } from './audit.entity.js';
import type { EpochRecord, SignedEpoch } from './audit.js';
import { AuditStore } from './audit.store.js';

@Injectable()
export class PgAuditStore extends AuditStore {
  constructor(private readonly source: DataSource) {
    super();
  }

  override around(epoch: number): Promise<EpochRecord> {
    const read = async (manager: EntityManager): Promise<EpochRecord> => {
      const [last] = await manager.find(SignedEpochEntity, { order: { epoch: 'DESC' }, take: 1 });
      const same = await manager.findOneBy(SignedEpochEntity, { epoch });
      return { same: same ? signedEpoch(same) : undefined, last: last && signedEpoch(last) };
    };
    return inTransaction(this.source, read, 'REPEATABLE READ');
  }

  override texts(first: number, last: number): Promise<readonly string[]> {
    return inTransaction(this.source, async (manager) => {
      const rows = await manager.find(SignedEpochEntity, { where: { epoch: Between(first, last) }, order: { epoch: 'ASC' } });
      return rows.map(({ text }) => text);
    });
  }

  override async keep(signed: SignedEpoch, statements: readonly Bytes[]): Promise<SignedEpoch> {
    const rows = statements.map((statement) => ({ digest: toHex(enrolmentDigest(statement)), statement: Buffer.from(statement) }));
    await inTransaction(this.source, async (manager) => {
      await manager
        .createQueryBuilder()
        .insert()
        .into(SignedEpochEntity)
        .values({ ...signed })
        .orIgnore()
        .execute();
      if (rows.length > 0) await manager.createQueryBuilder().insert().into(StatementEntity).values(rows).orIgnore().execute();
    });
    // After the commit, so that what another process committed first is seen.
    return inTransaction(this.source, async (manager) =>
      signedEpoch(await manager.findOneByOrFail(SignedEpochEntity, { epoch: signed.epoch })),
    );
  }
}

function signedEpoch({ epoch, digest, text, signatureLine }: SignedEpochEntity): SignedEpoch {
  return { epoch, digest, text, signatureLine };
}
