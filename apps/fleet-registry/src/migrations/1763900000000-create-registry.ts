import { createOutboxTable, dropOutboxTable } from '@strongroom/platform/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRegistry1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE enrolment (
      digest text PRIMARY KEY,
      statement bytea NOT NULL,
      enrolled_at timestamptz NOT NULL,
      position bigserial NOT NULL UNIQUE
    )`);
    await runner.query(`CREATE TABLE fleet (
      fleet_id text PRIMARY KEY,
      epoch integer NOT NULL,
      state text NOT NULL,
      parameters jsonb NOT NULL,
      members text[] NOT NULL
    )`);
    await createOutboxTable(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropOutboxTable(runner);
    await runner.query('DROP TABLE fleet');
    await runner.query('DROP TABLE enrolment');
  }
}
