import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@strongroom/platform';
import { z } from 'zod';

const schema = z.object({
  /** Where this device keeps its state; `--home` goes first. */
  STRONGROOM_HOME: z.string().default(() => join(homedir(), '.strongroom')),
  /** Where the vault of this machine keeps everything, for those who started it with `--data-dir`. */
  STRONGROOM_DATA_DIR: z.string().optional(),
  STRONGROOM_GATEWAY: z.url({ protocol: /^https?$/ }).optional(),
  /** The recovery code, for scripts; on a terminal it is asked for instead. */
  STRONGROOM_CODE: z.string().optional(),
  /** An account token of your own issuer; without one the gateway's development issuer is asked. */
  STRONGROOM_TOKEN: z.string().optional(),
  STRONGROOM_OPERATOR_TOKEN: z.string().optional(),
  NATS_URL: z.string().optional(),
  /** The observer's seed. */
  NATS_NKEY_FILE: z.string().optional(),
  NO_COLOR: z.string().optional(),
  TERM: z.string().optional(),
  USER: z.string().optional(),
});

export type CliConfig = Readonly<z.infer<typeof schema>>;

/** @throws ConfigError naming every wrong variable */
export function readConfig(env: Readonly<Record<string, string | undefined>>): CliConfig {
  return loadConfig(schema, env);
}
