import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { cloudEventSchema, type CloudEvent } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Log } from '../logging/log.js';
import { inTransaction } from '../postgres/transaction.js';

/** What the relay needs of the Bus. */
export interface EventSender {
  emitStored(event: CloudEvent): boolean;
  flush(): Promise<void>;
}

const BATCH = 64;
const POLL_MS = 500;
const rowsSchema = z.array(z.object({ position: z.string(), event: cloudEventSchema }));

/**
 * Sends what the outbox holds, oldest first, and deletes it once the server has it. A crash in between sends it
 * again with the same id. Instances share the work (SKIP LOCKED), so the order holds within one instance only.
 */
export class OutboxRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private stopping = false;
  private running: Promise<void> = Promise.resolve();
  private wakeUp: () => void = () => undefined;

  constructor(
    private readonly source: DataSource,
    private readonly bus: EventSender,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Ends after the batch under way. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.wakeUp();
    await this.running;
  }

  /** There may be something to send: spares the wait for the next look. */
  wake(): void {
    this.wakeUp();
  }

  /** Sends one batch. @returns how many @throws FLEET_UNAVAILABLE when database or NATS are away; nothing is lost */
  relayBatch(): Promise<number> {
    return inTransaction(this.source, async (manager) => {
      const rows = await oldest(manager);
      if (rows.length === 0) return 0;
      for (const { event } of rows) {
        if (!this.bus.emitStored(event)) throw new VaultError('FLEET_UNAVAILABLE', 'events wait for NATS');
      }
      await this.bus.flush();
      await manager.query('DELETE FROM outbox WHERE position = ANY($1::bigint[])', [rows.map(({ position }) => position)]);
      return rows.length;
    });
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      if ((await this.relayed()) < BATCH) await this.pause();
    }
  }

  private async relayed(): Promise<number> {
    try {
      return await this.relayBatch();
    } catch (error) {
      this.log.warn({ event: 'outbox.waiting', reason: error instanceof Error ? error.message : String(error) });
      return 0;
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopping) this.wakeUp();
    });
  }
}

async function oldest(manager: EntityManager): Promise<z.infer<typeof rowsSchema>> {
  const rows: unknown = await manager.query('SELECT position, event FROM outbox ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED', [
    BATCH,
  ]);
  return rowsSchema.parse(rows);
}
