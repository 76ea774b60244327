import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDeployments1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE deployment (
      digest text PRIMARY KEY,
      envelope text NOT NULL,
      signed_at timestamptz NOT NULL DEFAULT now()
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deployment');
  }
}
