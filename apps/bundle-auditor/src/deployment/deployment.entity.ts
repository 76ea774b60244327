import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Deployment statements that were signed here. */
@Entity('deployment')
export class DeploymentEntity {
  /** Hexadecimal SHA-256 of the statement, as in the bundle. */
  @PrimaryColumn('text')
  digest = '';

  @Column('text')
  envelope = '';

  @CreateDateColumn({ name: 'signed_at', type: 'timestamptz' })
  signedAt: Date = new Date(0);
}
