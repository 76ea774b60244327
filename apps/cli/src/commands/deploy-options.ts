import type { Command } from 'commander';
import { KNOWN_ANSWERS } from '@strongroom/transparency';
import { z } from 'zod';
import { parameterOptions, withParameters } from './fleet-parameters.js';

const words = z
  .string()
  .transform((text) => text.split(',').filter((word) => word !== ''))
  .default([]);
const said = z.string().regex(/^[!-~](?:[ -~]{0,198}[!-~])?$/, 'is one line of printable ASCII');
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 hexadecimal digits');

export const deployOptions = parameterOptions.extend({
  gateway: z.url({ protocol: /^https?$/ }).optional(),
  fleet: z.string(),
  timeout: z.coerce.number().int().min(1).max(3600),
  members: words.pipe(z.array(digest)),
  trustRoot: z.string().optional(),
  dryRun: z.boolean().optional(),
  ceremony: z.string().optional(),
  who: said.optional(),
  custodianKey: z.array(z.string()).default([]),
  passphraseFile: z.string().optional(),
  signature: z.array(z.string()).default([]),
  skip: words.pipe(z.array(z.enum(KNOWN_ANSWERS).refine((name) => name !== 'right-code' && name !== 'wrong-code', 'cannot be left out'))),
  stopped: words.pipe(z.array(z.coerce.number<string>().int().min(1).max(32))),
  remark: said.optional(),
  source: said.optional(),
  builder: said.optional(),
  imageDigest: digest.optional(),
  allowBenchSuite: z.boolean().optional(),
});

export type DeployOptions = z.infer<typeof deployOptions>;

export function withDeployOptions(command: Command): Command {
  return withParameters(command)
    .option('--gateway <url>', 'session gateway (STRONGROOM_GATEWAY, default the vault on this machine)')
    .option('--fleet <id>', 'name of the fleet', 'main')
    .option('--members <digests>', 'enrolment digests in the order of their numbers, by commas; the newest free nodes unless given')
    .option('--timeout <seconds>', 'how long each step may take', '60')
    .option('--dry-run', 'say what each step would do, and do nothing')
    .option(
      '--trust-root <file>',
      'trust root (default that of the home, or of the vault on this machine); with custodians in it a ceremony is held',
    )
    .option('--ceremony <dir>', 'where the ceremony keeps its files (default ceremony-<fleet>-<epoch>)')
    .option('--who <name>', 'who leads it, as the transcript names you (default your user name)')
    .option('--custodian-key <file...>', 'key files of custodians who sign here')
    .option('--passphrase-file <file>', 'read the passphrase of those keys from a file; asked for otherwise')
    .option('--signature <file...>', 'envelopes that custodians have signed elsewhere')
    .option('--stopped <numbers>', 'nodes that you have stopped for the test without a minority, by commas')
    .option('--skip <tests>', 'minority-lost, lock: left out, which the statement will say')
    .option('--remark <text>', 'something that went otherwise, for the transcript')
    .option('--source <text>', 'where the software comes from, as in git+https://…@commit; the commit checked out here unless given')
    .option('--builder <text>', 'who built it')
    .option('--image-digest <hex>', 'SHA-256 of the container image that the nodes run')
    .option('--allow-bench-suite', 'accept a fleet that does not stretch codes; for tests only');
}
