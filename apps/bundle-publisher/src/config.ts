import { loadConfig, variables } from '@strongroom/platform';
import { z } from 'zod';

const { NODE_ENV, NATS_URL, NATS_NKEY_FILE, DATABASE_URL, TOKEN_ISSUERS, TRUST_ROOT, DATA_DIR, HEALTH_PORT, HEALTH_HOST } = variables;
const schema = z.object({
  NODE_ENV,
  NATS_URL,
  NATS_NKEY_FILE,
  DATABASE_URL,
  TOKEN_ISSUERS,
  TRUST_ROOT,
  DATA_DIR,
  HEALTH_PORT,
  HEALTH_HOST,
  /** How long a bundle is valid; the auditor signs at most 90 days. */
  BUNDLE_VALIDITY_DAYS: z.coerce.number().int().min(1).max(90).default(30),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** @throws ConfigError */
export function readConfig(): Config {
  return loadConfig(schema, process.env);
}
