import { Option, type Command } from 'commander';
import { z } from 'zod';

export const sessionOptions = z.object({
  home: z.string().optional(),
  gateway: z.url({ protocol: /^https?$/ }).optional(),
  trustRoot: z.string().optional(),
  account: z.string().min(1).max(256).optional(),
  codeFile: z.string().optional(),
  allowBenchSuite: z.boolean().optional(),
});

export type CommandSession = z.infer<typeof sessionOptions>;

/** The options of every command that talks to a vault. */
export function withSession(command: Command): Command {
  return command
    .option('--home <dir>', "this device's state (STRONGROOM_HOME, default ~/.strongroom)")
    .option('--gateway <url>', 'session gateway (STRONGROOM_GATEWAY, default the vault on this machine)')
    .option('--trust-root <file>', 'trust root (default trust-root.json of the home, or of the vault on this machine)')
    .option('--account <name>', 'account at the development issuer (default your user name)')
    .addOption(new Option('--allow-bench-suite', 'accept a fleet that does not stretch codes; for benchmarks only').hideHelp());
}

/** As `withSession`, for commands that need the recovery code. */
export function withCode(command: Command): Command {
  return withSession(command).option('--code-file <file>', 'read the recovery code from a file (or STRONGROOM_CODE); asked for otherwise');
}
