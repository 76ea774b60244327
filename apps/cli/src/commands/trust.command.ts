import type { Command } from 'commander';
import { initTrust } from '@strongroom/stack';
import { formatTrustRoot, formatVkey, NO_QUORUM, parseCosignerVkey } from '@strongroom/transparency';
import { z } from 'zod';
import type { CommandContext, Register } from './command-context.js';
import { wellFormed } from './well-formed.js';

const trustOptions = z.object({
  publisherDir: z.string(),
  auditorDir: z.string(),
  out: z.string(),
  namespace: z.string(),
  witness: z.array(z.string()),
  witnessDir: z.array(z.string()),
  quorum: z.coerce.number().int().min(1).max(64).optional(),
});

export function addTrustCommands(program: Command, register: Register): void {
  const trust = program.command('trust').description('Keys of the roles, and the trust root that clients ship with.');
  const init = trust
    .command('init')
    .description("Make the publisher's and the auditor's signing keys and trust-root.json. Keeps what exists.")
    .requiredOption('--publisher-dir <dir>', 'DATA_DIR of the bundle publisher')
    .requiredOption('--auditor-dir <dir>', 'DATA_DIR of the bundle auditor; in earnest on a machine of somebody else')
    .requiredOption('--namespace <name>', 'as in vault.example/main')
    .option('--witness <vkey>', 'verifier key of a witness of the log; again for each further one', collect, [])
    .option('--witness-dir <dir>', 'for a trial: makes the key of a witness there; again for each further one', collect, [])
    .option('--quorum <k>', 'how many witnesses must cosign (more than half)')
    .option('--out <file>', 'the trust root', 'trust-root.json')
    .addHelpText(
      'after',
      '\nExample:\n  strongroom trust init --publisher-dir publisher --auditor-dir auditor --namespace vault.example/main\n\nOne party that holds both keys proves nothing to others.',
    );
  register(init, (context, options) => runInit(context, trustOptions.parse(options)));
}

async function runInit(
  { terminal }: CommandContext,
  { publisherDir, auditorDir, out, namespace, witness, witnessDir: witnessDirs, quorum }: z.infer<typeof trustOptions>,
): Promise<number> {
  const trustRoot = await wellFormed(() => {
    const witnesses = witness.map(parseCosignerVkey);
    return initTrust({ publisherDir, auditorDir, trustRootFile: out, namespace, witnesses, witnessDirs, quorum });
  });
  terminal.line(`${out}: operator ${formatVkey(trustRoot.operator)}`);
  const indent = ' '.repeat(out.length + 1);
  terminal.line(`${indent} auditor  ${formatVkey(trustRoot.auditor)}`);
  if (trustRoot.log) {
    terminal.line(`${indent} log      ${formatVkey(trustRoot.log.vkey)}`);
    for (const { vkey } of trustRoot.log.witnesses.witnesses) terminal.line(`${indent} witness  ${formatVkey(vkey)}`);
    if (trustRoot.log.witnesses.quorum === NO_QUORUM) terminal.note('no witness is asked for: the log alone says what it shows to whom');
  }
  terminal.result({ trustRootFile: out, trustRoot: JSON.parse(formatTrustRoot(trustRoot)) });
  return 0;
}

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}
