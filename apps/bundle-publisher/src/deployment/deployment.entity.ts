import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('deployment')
@Index('deployment_predecessor', ['predecessor'])
export class DeploymentEntity {
  /** Hexadecimal SHA-256 of the statement. */
  @PrimaryColumn('text')
  digest = '';

  @Column('text')
  predecessor = '';

  @Column('text')
  envelope = '';

  /** Order of arrival. */
  @Column('bigint', { generated: 'increment', unique: true })
  position = '';

  @CreateDateColumn({ name: 'kept_at', type: 'timestamptz' })
  keptAt: Date = new Date(0);
}
