import { Injectable } from '@nestjs/common';
import { bundlePublished } from '@strongroom/contracts';
import { inTransaction, Outbox, OutboxRelay } from '@strongroom/platform/database';
import { DataSource, LessThanOrEqual, type EntityManager } from 'typeorm';
import { BundleEntity, DraftEntity } from './bundle.entity.js';
import type { Draft, PublishedBundle } from './bundle.js';
import { BundleStore } from './bundle.store.js';

@Injectable()
export class PgBundleStore extends BundleStore {
  constructor(
    private readonly source: DataSource,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
  ) {
    super();
  }

  override async current(): Promise<PublishedBundle | undefined> {
    const rows = await inTransaction(this.source, (manager) => manager.find(BundleEntity, { order: { epoch: 'DESC' }, take: 1 }));
    const [row] = rows;
    return publishedOf(row);
  }

  override published(epoch: number): Promise<PublishedBundle | undefined> {
    return inTransaction(this.source, async (manager) => publishedOf((await manager.findOneBy(BundleEntity, { epoch })) ?? undefined));
  }

  override async digests(count: number): Promise<readonly string[]> {
    const select = { digest: true, epoch: true } as const;
    const rows = await inTransaction(this.source, (manager) =>
      manager.find(BundleEntity, { select, order: { epoch: 'ASC' }, take: count }),
    );
    return rows.map(({ digest }) => digest);
  }

  override openDraft(): Promise<Draft | undefined> {
    return inTransaction(this.source, underWay);
  }

  /** Serializable, and an index admits one open draft: of two publishers the second takes over the first one's. */
  override keepDraft(draft: Draft): Promise<Draft> {
    const keep = async (manager: EntityManager): Promise<Draft> => {
      const open = await underWay(manager);
      if (!open) await manager.upsert(DraftEntity, { ...draft, open: true }, ['digest']);
      return open ?? draft;
    };
    return inTransaction(this.source, keep, 'SERIALIZABLE');
  }

  override draftByDigest(digest: string): Promise<Draft | undefined> {
    return inTransaction(this.source, async (manager) => draftOf(await manager.findOneBy(DraftEntity, { digest })));
  }

  override async closeDraft({ digest }: Draft): Promise<void> {
    await inTransaction(this.source, (manager) => manager.update(DraftEntity, { digest }, { open: false }));
  }

  override async publish({ epoch, digest, note }: PublishedBundle): Promise<void> {
    await inTransaction(this.source, async (manager) => {
      const row = { epoch, digest, note };
      const { raw } = await manager.createQueryBuilder().insert().into(BundleEntity).values(row).orIgnore().returning('epoch').execute();
      if (raw.length > 0) await this.outbox.add(manager, bundlePublished, row);
      await manager.update(DraftEntity, { open: true, epoch: LessThanOrEqual(epoch) }, { open: false });
    });
    this.relay.wake();
  }

  override async renew({ epoch, digest, note }: PublishedBundle): Promise<void> {
    await inTransaction(this.source, async (manager) => {
      const { affected } = await manager.update(BundleEntity, { epoch, digest }, { note });
      if (affected === 1) await this.outbox.add(manager, bundlePublished, { epoch, digest, note });
    });
    this.relay.wake();
  }
}

function publishedOf(row: BundleEntity | undefined): PublishedBundle | undefined {
  return row && { epoch: row.epoch, digest: row.digest, note: row.note };
}

async function underWay(manager: EntityManager): Promise<Draft | undefined> {
  return draftOf(await manager.findOneBy(DraftEntity, { open: true }));
}

function draftOf(row: DraftEntity | null): Draft | undefined {
  return row ? { epoch: row.epoch, digest: row.digest, text: row.text } : undefined;
}
