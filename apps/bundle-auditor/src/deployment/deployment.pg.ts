import { Injectable } from '@nestjs/common';
import { inTransaction } from '@strongroom/platform/database';
import { DataSource } from 'typeorm';
import { DeploymentEntity } from './deployment.entity.js';
import { DeploymentRecord } from './deployment.store.js';

@Injectable()
export class PgDeploymentRecord extends DeploymentRecord {
  constructor(private readonly source: DataSource) {
    super();
  }

  override async keep(digest: string, envelope: string): Promise<void> {
    await inTransaction(this.source, (manager) =>
      manager.createQueryBuilder().insert().into(DeploymentEntity).values({ digest, envelope }).orIgnore().execute(),
    );
  }

  override byDigest(digest: string): Promise<string | undefined> {
    return inTransaction(this.source, async (manager) => (await manager.findOneBy(DeploymentEntity, { digest }))?.envelope);
  }
}
