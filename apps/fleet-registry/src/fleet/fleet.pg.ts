import { Injectable } from '@nestjs/common';
import { fleetChanged, fleetView } from '@strongroom/contracts';
import { VaultError } from '@strongroom/protocol';
import { inTransaction, Outbox, OutboxRelay } from '@strongroom/platform/database';
import { parseEnrolment, type Enrolment } from '@strongroom/transparency';
import { DataSource, In, type EntityManager } from 'typeorm';
import { EnrolmentEntity } from '../enrolment/enrolment.entity.js';
import { FleetEntity } from './fleet.entity.js';
import type { Fleet, Surroundings } from './fleet.js';
import { FleetStore, type FleetWithStatements } from './fleet.store.js';

@Injectable()
export class PgFleetStore extends FleetStore {
  constructor(
    private readonly source: DataSource,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
  ) {
    super();
  }

  /** Serializable: two requests that want the same node or name cannot both see it free. */
  override async form(members: readonly string[], decide: (surroundings: Surroundings) => Fleet): Promise<Fleet> {
    const formed = await inTransaction(
      this.source,
      async (manager) => {
        const fleets = await allFleets(manager);
        const enrolled = await enrolments(manager, [...members, ...fleets.flatMap((fleet) => fleet.members)]);
        const fleet = decide({ fleets, enrolled });
        if (!fleets.includes(fleet)) await this.keep(manager, fleet);
        return fleet;
      },
      'SERIALIZABLE',
    );
    this.relay.wake();
    return formed;
  }

  override async move(fleetId: string, decide: (fleet: Fleet) => Fleet): Promise<Fleet> {
    const moved = await inTransaction(this.source, async (manager) => {
      const row = await manager.findOne(FleetEntity, { where: { fleetId }, lock: { mode: 'pessimistic_write' } });
      if (!row) throw new VaultError('NOT_FOUND', 'there is no such fleet', { field: 'fleetId' });
      const before = fleetOf(row);
      const after = decide(before);
      if (after !== before) await this.keep(manager, after);
      return after;
    });
    this.relay.wake();
    return moved;
  }

  override list(): Promise<readonly Fleet[]> {
    return inTransaction(this.source, allFleets);
  }

  override evidence(): Promise<readonly FleetWithStatements[]> {
    const read = async (manager: EntityManager): Promise<FleetWithStatements[]> => {
      const fleets = await allFleets(manager);
      const rows = await manager.findBy(EnrolmentEntity, { digest: In(fleets.flatMap(({ members }) => members)) });
      const byDigest = new Map(rows.map(({ digest, statement }) => [digest, new Uint8Array(statement)]));
      return fleets.map((fleet) => ({ ...fleet, statements: fleet.members.flatMap((digest) => byDigest.get(digest) ?? []) }));
    };
    return inTransaction(this.source, read, 'REPEATABLE READ');
  }

  private async keep(manager: EntityManager, fleet: Fleet): Promise<void> {
    await manager.save(FleetEntity, { ...fleet, members: [...fleet.members] });
    await this.outbox.add(manager, fleetChanged, { fleetId: fleet.fleetId, state: fleet.state, epoch: fleet.epoch });
  }
}

async function allFleets(manager: EntityManager): Promise<readonly Fleet[]> {
  return (await manager.find(FleetEntity, { order: { fleetId: 'ASC' } })).map(fleetOf);
}

async function enrolments(manager: EntityManager, digests: readonly string[]): Promise<ReadonlyMap<string, Enrolment>> {
  const rows = await manager.findBy(EnrolmentEntity, { digest: In(digests) });
  return new Map(rows.map(({ digest, statement }) => [digest, parseEnrolment(new Uint8Array(statement)).enrolment]));
}

/** A database that somebody edited by hand is data from outside. */
function fleetOf({ fleetId, epoch, state, parameters, members }: FleetEntity): Fleet {
  return fleetView.parse({ fleetId, epoch, state, parameters, members });
}
