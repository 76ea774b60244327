import { loadConfig, variables } from '@strongroom/platform';
import { z } from 'zod';

const { NODE_ENV, NATS_URL, NATS_NKEY_FILE, DATABASE_URL, TRUST_ROOT, DATA_DIR, HEALTH_PORT, HEALTH_HOST } = variables;
const schema = z.object({ NODE_ENV, NATS_URL, NATS_NKEY_FILE, DATABASE_URL, TRUST_ROOT, DATA_DIR, HEALTH_PORT, HEALTH_HOST });

export type Config = Readonly<z.infer<typeof schema>>;

/** @throws ConfigError */
export function readConfig(): Config {
  return loadConfig(schema, process.env);
}
