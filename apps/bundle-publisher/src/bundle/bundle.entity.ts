import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('bundle')
export class BundleEntity {
  @PrimaryColumn('int')
  epoch = 0;

  /** Hexadecimal `bundleDigest` of the text. */
  @Column('text')
  digest = '';

  @Column('text')
  note = '';

  @CreateDateColumn({ name: 'published_at', type: 'timestamptz' })
  publishedAt: Date = new Date(0);
}

/** Every text that the auditor was ever asked to sign: one of them may turn out to be signed after all. */
@Entity('draft')
@Index('draft_open', ['open'], { unique: true, where: 'open' })
export class DraftEntity {
  @PrimaryColumn('text')
  digest = '';

  @Column('int')
  epoch = 0;

  @Column('text')
  text = '';

  /** The one under way. */
  @Column('boolean')
  open = false;
}
