import type { Command } from 'commander';
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });
const urls = z.array(url).max(32).default([]);

export const auditOptions = z.object({
  trustRoot: z.array(z.string()).max(64).default([]),
  log: url.optional(),
  mirror: urls,
  witness: urls,
  gateway: url.optional(),
  offline: z.string().optional(),
  save: z.string().optional(),
  state: z.string().optional(),
  evidence: z.string().optional(),
  /** Milliseconds since 1970. */
  at: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
  every: z.coerce.number().int().min(1).max(86_400),
  home: z.string().optional(),
});

export type AuditOptions = z.infer<typeof auditOptions>;

export function withAuditOptions(command: Command): Command {
  return command
    .option(
      '--trust-root <file>',
      'what you trust (default that of this device); older versions first, for the epochs made for them',
      listed,
    )
    .option('--log <url>', 'URL prefix of the log (default the vault on this machine)')
    .option('--mirror <url>', 'a mirror of the log, with the signed bundles beside it; may be repeated', listed)
    .option(
      '--witness <url>',
      'a witness, by its submission prefix; may be repeated (default those that the trust root has a URL for)',
      listed,
    )
    .option('--gateway <url>', 'session gateway, whose bundle must be the last one logged')
    .option('--offline <dir>', 'check what an audit saved, or the folder of a mirror; asks nobody')
    .option('--save <dir>', 'keep what was read, for --offline')
    .option('--state <file>', 'the checkpoint of the last audit, which the log must continue (default in the home)')
    .option('--evidence <file>', 'check a file that proves a fork, and nothing else')
    .option('--at <time>', 'judge ages as at this time, as in 2026-01-31T12:00:00Z')
    .option('--every <seconds>', 'with watch: how often', '60')
    .option('--home <dir>', 'state of this device');
}

function listed(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
