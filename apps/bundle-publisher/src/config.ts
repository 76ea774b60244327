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
  /** URL prefix of the auditor's log of bundles; with it and MIRROR_DIR the publisher keeps a copy and serves it. */
  LOG_URL: z.url({ protocol: /^https?$/ }).optional(),
  MIRROR_DIR: z.string().min(1).optional(),
  MIRROR_SECONDS: z.coerce.number().int().min(1).max(86_400).default(30),
  /** Address and port of the mirror's public door. */
  PUBLIC_HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_PORT: z.coerce.number().int().min(0).max(65_535).default(8486),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  return loadConfig(schema, env);
}
