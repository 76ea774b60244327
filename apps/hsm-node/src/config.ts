import { loadConfig, variables } from '@strongroom/platform';
import { DEFAULT_COOL_DOWN_MS, DEFAULT_DELAYS_MS } from '@strongroom/protocol';
import { z } from 'zod';

const { NODE_ENV, LOG_LEVEL, NATS_URL, NATS_NKEY_FILE, TRUST_ROOT, DATA_DIR, HEALTH_PORT, HEALTH_HOST, TOKEN_ISSUERS } = variables;

const MAX_DELAY_S = 86_400;
const duration = (defaultMs: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(30 * 86_400_000)
    .default(defaultMs);

/** `off`, or rising whole seconds separated by commas, as in `60,300,900`. Gives milliseconds. */
const attemptDelays = z
  .string()
  .transform((text) => (text === 'off' ? [] : text.split(',').map(Number)))
  .refine(
    (delays) => delays.every((seconds, i) => Number.isInteger(seconds) && seconds >= (delays[i - 1] ?? 1) && seconds <= MAX_DELAY_S),
    {
      error: 'must be "off" or rising whole seconds separated by commas',
    },
  )
  .transform((delays) => delays.map((seconds) => seconds * 1000));

const schema = z
  .object({
    NODE_ENV,
    LOG_LEVEL,
    NATS_URL,
    NATS_NKEY_FILE,
    TRUST_ROOT,
    DATA_DIR,
    HEALTH_PORT,
    HEALTH_HOST,
    TOKEN_ISSUERS,
    /** File whose content opens the keystore; a key file beside the keystore unless it is set. */
    KEYSTORE_PASSPHRASE_FILE: z.string().min(1).optional(),
    /** Growing delay after the third wrong code in a row (PROTOCOL 6.9). */
    ATTEMPT_DELAYS: attemptDelays.default([...DEFAULT_DELAYS_MS]),
    /** From the last wrong code to the erase (PROTOCOL 6.6). */
    ERASE_DEADLINE_MS: duration(600_000),
    /** How long a change without the owner's signature stays pending (PROTOCOL 5.3). */
    COOL_DOWN_MS: duration(DEFAULT_COOL_DOWN_MS),
    /** Shares rebuilt from those of other nodes in a second at most (PROTOCOL 7.7). */
    REPAIR_PER_SECOND: z.coerce.number().min(0.1).max(1_000).default(20),
    REFRESH_PER_SECOND: z.coerce.number().min(0.1).max(1_000).default(20),
    /** Between two comparisons of this node's accounts with those of a peer; 0 turns them off (PROTOCOL 7.4). */
    ANTI_ENTROPY_INTERVAL_MS: duration(60_000).refine((ms) => ms === 0 || ms >= 100, { error: 'must be 0 or at least 100' }),
    /** Accounts that a peer is told of in one page at most. */
    ANTI_ENTROPY_ACCOUNTS: z.coerce.number().int().min(1).max(256).default(64),
    /** Takes fleets without key stretching: for the bench alone. */
    ALLOW_BENCH_SUITE: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true'),
  })
  .refine((config) => config.NODE_ENV !== 'production' || !config.ALLOW_BENCH_SUITE, {
    path: ['ALLOW_BENCH_SUITE'],
    error: 'is refused in production',
  });

export type Config = Readonly<z.infer<typeof schema>>;

/** @throws ConfigError listing every wrong variable */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return loadConfig(schema, env);
}
