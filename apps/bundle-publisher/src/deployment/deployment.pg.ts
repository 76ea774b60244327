import { Injectable } from '@nestjs/common';
import { inTransaction } from '@strongroom/platform/database';
import { DataSource } from 'typeorm';
import { DeploymentEntity } from './deployment.entity.js';
import type { SignedDeployment } from './deployment.js';
import { DeploymentStore } from './deployment.store.js';

@Injectable()
export class PgDeploymentStore extends DeploymentStore {
  constructor(private readonly source: DataSource) {
    super();
  }

  override async keep({ digest, predecessor, envelope }: SignedDeployment): Promise<void> {
    const row = { digest, predecessor, envelope };
    await inTransaction(this.source, (manager) =>
      manager.createQueryBuilder().insert().into(DeploymentEntity).values(row).orIgnore().execute(),
    );
  }

  override byDigest(digest: string): Promise<SignedDeployment | undefined> {
    return inTransaction(this.source, async (manager) => {
      const row = await manager.findOneBy(DeploymentEntity, { digest });
      return row ? deploymentOf(row) : undefined;
    });
  }

  override following(predecessor: string): Promise<readonly SignedDeployment[]> {
    return inTransaction(this.source, async (manager) => {
      const rows = await manager.find(DeploymentEntity, { where: { predecessor }, order: { position: 'DESC' }, take: 16 });
      return rows.map(deploymentOf);
    });
  }
}

function deploymentOf({ digest, predecessor, envelope }: DeploymentEntity): SignedDeployment {
  return { digest, predecessor, envelope };
}
