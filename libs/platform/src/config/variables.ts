import { Secret } from '@strongroom/protocol';
import { z } from 'zod';
import { LOG_LEVELS } from '../logging/create-log.js';
import { parseTokenIssuers } from '../token/token-issuer.js';

/** Schemas of the variables that several services read, under the names that OPERATIONS lists. */
export const variables = {
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** `nats://[user:password@]host:port[,…]`. */
  NATS_URL: z.string().refine((text) => text.split(',').every((part) => isUrl(part.trim(), ['nats:', 'tls:'])), {
    error: 'must be nats://host:port, several separated by commas',
  }),
  /** File with the seed of this service's nkey; NATS_URL needs no login then. */
  NATS_NKEY_FILE: z.string().min(1).optional(),
  /** Holds a password, so it is kept as a secret. */
  DATABASE_URL: z
    .string()
    .refine((text) => isUrl(text, ['postgres:', 'postgresql:']), { error: 'must be postgres://…' })
    .transform((text) => new Secret(text)),
  /** Path of trust-root.json. */
  TRUST_ROOT: z.string().min(1),
  DATA_DIR: z.string().min(1),
  /** Port of /health and /metrics; 0 turns them off. */
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Address they listen on. */
  HEALTH_HOST: z.string().min(1).default('127.0.0.1'),
  /** `development`, or a JSON array of `{issuer, audience?, jwks | jwksUrl}`. */
  TOKEN_ISSUERS: z.string().transform((text, context) => {
    try {
      return parseTokenIssuers(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'cannot be read' });
      return z.NEVER;
    }
  }),
} as const;

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}
