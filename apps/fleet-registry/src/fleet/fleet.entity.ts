import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Fleet } from './fleet.js';

@Entity('fleet')
export class FleetEntity {
  @PrimaryColumn('text', { name: 'fleet_id' })
  fleetId = '';

  @Column('int')
  epoch = 1;

  @Column('text')
  state: Fleet['state'] = 'forming';

  @Column('jsonb')
  parameters: Fleet['parameters'] = { n: 0, t: 0, q: 0, attempts: 0, suite: 1, ksf: '' };

  /** Enrolment digests in the order of the node index. */
  @Column('text', { array: true })
  members: string[] = [];
}
