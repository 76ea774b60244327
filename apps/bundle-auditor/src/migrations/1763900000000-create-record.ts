import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRecord1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE signed_epoch (
      epoch integer PRIMARY KEY,
      digest text NOT NULL,
      text text NOT NULL,
      signature_line text NOT NULL,
      signed_at timestamptz NOT NULL DEFAULT now()
    )`);
    await runner.query(`CREATE TABLE statement (
      digest text PRIMARY KEY,
      statement bytea NOT NULL,
      seen_at timestamptz NOT NULL DEFAULT now()
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE statement');
    await runner.query('DROP TABLE signed_epoch');
  }
}
