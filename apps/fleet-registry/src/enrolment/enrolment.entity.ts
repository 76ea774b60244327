import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The statement says all the rest. Rows are never changed or removed. */
@Entity('enrolment')
export class EnrolmentEntity {
  @PrimaryColumn('text')
  digest = '';

  @Column('bytea')
  statement: Uint8Array = new Uint8Array(0);

  @Column('timestamptz', { name: 'enrolled_at' })
  enrolledAt: Date = new Date(0);

  /** Order of arrival. */
  @Column('bigint', { generated: 'increment', unique: true })
  position = '';
}
