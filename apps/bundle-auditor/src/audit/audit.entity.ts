import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Rows are never changed or removed: they are why no second text is signed for an epoch. */
@Entity('signed_epoch')
export class SignedEpochEntity {
  @PrimaryColumn('int')
  epoch = 0;

  @Column('text')
  digest = '';

  @Column('text')
  text = '';

  @Column('text', { name: 'signature_line' })
  signatureLine = '';

  @CreateDateColumn({ name: 'signed_at', type: 'timestamptz' })
  signedAt: Date = new Date(0);
}

/** Enrolment statements that stood behind a signature. */
@Entity('statement')
export class StatementEntity {
  /** Hexadecimal SHA-256 of the statement, as in the bundle. */
  @PrimaryColumn('text')
  digest = '';

  @Column('bytea')
  statement: Uint8Array = new Uint8Array(0);

  @CreateDateColumn({ name: 'seen_at', type: 'timestamptz' })
  seenAt: Date = new Date(0);
}
