import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDeployments1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE deployment (
      digest text PRIMARY KEY,
      predecessor text NOT NULL,
      envelope text NOT NULL,
      position bigserial NOT NULL UNIQUE,
      kept_at timestamptz NOT NULL DEFAULT now()
    )`);
    await runner.query('CREATE INDEX deployment_predecessor ON deployment (predecessor)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deployment');
  }
}
