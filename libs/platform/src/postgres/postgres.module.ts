import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { HealthChecks } from '../health/health-checks.js';
import type { Log } from '../logging/log.js';
import { dataSourceOptions, openDataSource, type PostgresOptions } from './open-data-source.js';

/** The service's DataSource, connected and migrated before anything starts, closed at shutdown. Needs PlatformModule. */
@Module({})
export class PostgresModule {
  static forRoot(options: PostgresOptions, log: Log): DynamicModule {
    const database = TypeOrmModule.forRootAsync({
      // One try: openDataSource waits by itself, with a deadline.
      useFactory: () => ({ ...dataSourceOptions(options, log), retryAttempts: 1 }),
      dataSourceFactory: () => openDataSource(options, log),
    });
    const health = {
      provide: PostgresHealth,
      useFactory: (source: DataSource, checks: HealthChecks) => new PostgresHealth(source, checks),
      inject: [DataSource, HealthChecks],
    };
    return { module: PostgresModule, global: true, imports: [database], providers: [health] };
  }
}

/** Makes /health ask the database. */
class PostgresHealth {
  constructor(source: DataSource, checks: HealthChecks) {
    checks.add('postgres', async () => {
      await source.query('SELECT 1');
      return true;
    });
  }
}
