import { loadConfig, variables } from '@strongroom/platform';
import { z } from 'zod';

/** Requests a minute, or `off`. */
const perMinute = z.union([z.literal('off').transform(() => null), z.coerce.number().int().min(1).max(1_000_000)], {
  error: 'must be a number of 1 to 1000000, or off',
});

/** Never everyone: whose word counts on where a request came from is named. */
const trustProxy = z
  .string()
  .regex(/^(?:off|loopback|[0-9a-fA-F:./]+(?:,[0-9a-fA-F:./]+)*)$/, {
    error: 'must be off, loopback, or addresses and ranges separated by commas',
  })
  .transform((text) => (text === 'off' ? false : text));

const corsOrigins = z.string().transform((text, context): readonly string[] | '*' => {
  if (text === '*') return text;
  const origins = text.split(',').map((origin) => origin.trim());
  if (origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin)) return origins;
  context.addIssue({ code: 'custom', message: 'must be *, or origins such as https://example.org separated by commas' });
  return z.NEVER;
});

const schema = z
  .object({
    NODE_ENV: variables.NODE_ENV,
    LOG_LEVEL: variables.LOG_LEVEL,
    NATS_URL: variables.NATS_URL,
    NATS_NKEY_FILE: variables.NATS_NKEY_FILE,
    TRUST_ROOT: variables.TRUST_ROOT,
    TOKEN_ISSUERS: variables.TOKEN_ISSUERS,
    /** 0 lets the system choose. */
    PORT: z.coerce.number().int().min(0).max(65_535).default(8480),
    HOST: z.string().min(1).default('127.0.0.1'),
    RATE_LIMIT_ACCOUNT_PER_MINUTE: perMinute.default(30),
    RATE_LIMIT_ADDRESS_PER_MINUTE: perMinute.default(300),
    HEDGE_DELAY_MS: z.coerce.number().int().min(5).max(1_000).default(60),
    TRUST_PROXY: trustProxy.default(false),
    /** Unset: no browser of another origin may call. */
    CORS_ORIGINS: corsOrigins.default([]),
    /** Unset: nothing is served under /console. */
    CONSOLE_DIR: z.string().min(1).optional(),
    /** Where the application hears of attempts; needs WEBHOOK_SECRET_FILE. Unset: nowhere. */
    WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    /** File with `whsec_` and base64 of 24 to 64 bytes. */
    WEBHOOK_SECRET_FILE: z.string().min(1).optional(),
  })
  .refine((config) => (config.WEBHOOK_URL === undefined) === (config.WEBHOOK_SECRET_FILE === undefined), {
    path: ['WEBHOOK_SECRET_FILE'],
    error: 'belongs with WEBHOOK_URL',
  })
  .refine((config) => config.NODE_ENV !== 'production' || config.WEBHOOK_URL?.startsWith('http:') !== true, {
    path: ['WEBHOOK_URL'],
    error: 'must be https in production',
  });

export type GatewayConfig = Readonly<z.infer<typeof schema>>;

/** @throws ConfigError naming every wrong variable */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): GatewayConfig {
  return loadConfig(schema, environment);
}
