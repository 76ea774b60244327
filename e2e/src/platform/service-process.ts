import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { createContext, loadConfig, PlatformModule, runService, variables } from '@strongroom/platform';
import { PostgresModule } from '@strongroom/platform/database';
import { z } from 'zod';

const { NATS_URL, DATABASE_URL, HEALTH_PORT, HEALTH_HOST } = variables;
const schema = z.object({
  NATS_URL,
  DATABASE_URL,
  HEALTH_PORT,
  HEALTH_HOST,
  TRIAL_SCHEMA: z.string(),
  TRIAL_FAULT: z.enum(['throw', 'reject']).optional(),
});

@Module({})
class TrialModule {}

/** The smallest whole service: what run-service.medium.spec starts as a process. */
await runService('trial', async (log) => {
  const config = loadConfig(schema, process.env);
  const platform = PlatformModule.forRoot({
    service: 'trial',
    log,
    natsUrl: config.NATS_URL,
    health: { port: config.HEALTH_PORT, host: config.HEALTH_HOST },
  });
  const database = { url: config.DATABASE_URL, service: 'trial', schema: config.TRIAL_SCHEMA, entities: [], migrations: [] };
  const app = await createContext({ module: TrialModule, imports: [platform, PostgresModule.forRoot(database, log)] }, log);
  if (config.TRIAL_FAULT === 'throw')
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
  if (config.TRIAL_FAULT === 'reject') void Promise.reject(new Error('nobody handles this'));
  return { app };
});
