import { createOutboxTable, dropOutboxTable } from '@strongroom/platform/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBundles1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE bundle (
      epoch integer PRIMARY KEY,
      digest text NOT NULL,
      note text NOT NULL,
      published_at timestamptz NOT NULL DEFAULT now()
    )`);
    await runner.query(`CREATE TABLE draft (
      digest text PRIMARY KEY,
      epoch integer NOT NULL,
      text text NOT NULL,
      open boolean NOT NULL
    )`);
    await runner.query('CREATE UNIQUE INDEX draft_open ON draft (open) WHERE open');
    await createOutboxTable(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropOutboxTable(runner);
    await runner.query('DROP TABLE draft');
    await runner.query('DROP TABLE bundle');
  }
}
