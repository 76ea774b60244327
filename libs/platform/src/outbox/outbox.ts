import type { CloudEvent, EventContract } from '@strongroom/contracts';
import type { EntityManager, QueryRunner } from 'typeorm';
import { toCloudEvent } from '../bus/cloud-events.js';
import type { Clock } from '../clock/clock.js';

/** For a service's migration. */
export async function createOutboxTable(runner: QueryRunner): Promise<void> {
  await runner.query('CREATE TABLE outbox (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event jsonb NOT NULL)');
}

export async function dropOutboxTable(runner: QueryRunner): Promise<void> {
  await runner.query('DROP TABLE outbox');
}

/** Writes events into the transaction that makes them true: both commit, or neither does. */
export class Outbox {
  /** @param source CloudEvents source, as in `/fleet-registry` */
  constructor(
    private readonly source: string,
    private readonly clock: Clock,
  ) {}

  /**
   * The relay sends it at least once after the commit, every time with the id it gets here.
   * @throws REQUEST_INVALID when the data does not fit the contract
   */
  async add<Data>(manager: EntityManager, contract: EventContract<Data>, data: Data): Promise<CloudEvent> {
    const event = toCloudEvent(contract, data, { timeMs: this.clock.nowMs(), source: this.source });
    await manager.query('INSERT INTO outbox (event) VALUES ($1)', [JSON.stringify(event)]);
    return event;
  }
}
