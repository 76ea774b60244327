import { loadConfig, readWith, variables } from '@strongroom/platform';
import { witnessedLogs, witnessUrls } from '@strongroom/tlog';
import { z } from 'zod';

const { NODE_ENV, NATS_URL, NATS_NKEY_FILE, DATABASE_URL, TRUST_ROOT, DATA_DIR, HEALTH_PORT, HEALTH_HOST } = variables;
const port = z.coerce.number().int().min(0).max(65_535);
const schema = z.object({
  NODE_ENV,
  NATS_URL,
  NATS_NKEY_FILE,
  DATABASE_URL,
  TRUST_ROOT,
  DATA_DIR,
  HEALTH_PORT,
  HEALTH_HOST,
  /** Where the public logs lie; needed when the trust root names a log. */
  LOG_DIR: z.string().min(1).optional(),
  /** Address and port of the public door of logs and witness. */
  PUBLIC_HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_PORT: port.default(8485),
  /** Where witnesses are reached, as `name=url`, when the trust root does not say. */
  WITNESS_URLS: readWith(witnessUrls),
  WITNESS_TIMEOUT_MS: z.coerce.number().int().min(100).max(10_000).default(2_000),
  /** Cosignatures older than this are renewed. */
  COSIGN_REFRESH_HOURS: z.coerce
    .number()
    .min(0.001)
    .max(24 * 7)
    .default(24),
  /** Name of the key as a witness; with it, and WITNESS_DIR and WITNESS_LOGS, the auditor cosigns logs, for a trial also its own. */
  WITNESS_NAME: z.string().min(1).optional(),
  WITNESS_DIR: z.string().min(1).optional(),
  /** Verifier keys of the logs that it witnesses. */
  WITNESS_LOGS: readWith(witnessedLogs),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  return loadConfig(schema, env);
}
