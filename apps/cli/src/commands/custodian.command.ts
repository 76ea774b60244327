import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { FileDeviceStore } from '@strongroom/client/node';
import { invalid, VaultError } from '@strongroom/protocol';
import { deploymentName, formatEnvelope, formatVkey, isKeyName, signEnvelope, statementOf } from '@strongroom/transparency';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { createCustodianKey, openCustodianKey } from '../custodian/custodian-key.js';
import { readEnvelopeFile } from '../evidence/envelope-file.js';
import { summaryLines } from '../evidence/summary.js';
import { askSecret } from '../terminal/ask-secret.js';
import type { CommandContext, Register } from './command-context.js';

const initOptions = z.object({
  name: z.string().refine(isKeyName, 'is no key name: no spaces, no plus'),
  out: z.string(),
  plain: z.boolean().optional(),
  passphraseFile: z.string().optional(),
});
const signOptions = z.object({
  key: z.string(),
  out: z.string().optional(),
  passphraseFile: z.string().optional(),
  yes: z.boolean().optional(),
});

export function addCustodianCommands(program: Command, register: Register): void {
  const custodian = program.command('custodian').description('Custodians: people who see the machines and sign for them.');
  const init = custodian
    .command('init')
    .description('Make a key of your own, sealed with a passphrase. Give its public line to whoever makes the trust root.')
    .requiredOption('--name <name>', 'as in vault.example/custodian-1')
    .requiredOption('--out <file>', 'the key file, 0600; yours alone')
    .option('--passphrase-file <file>', 'read the passphrase from a file; asked for otherwise')
    .option('--plain', 'do not seal it: for a trial, or a medium that is locked away')
    .addHelpText('after', '\nExample:\n  strongroom custodian init --name vault.example/custodian-1 --out custodian-1.key');
  register(init, (context, options) => runInit(context, initOptions.parse(options)));
  const sign = custodian
    .command('sign')
    .argument('<statement>', 'the envelope that `fleet deploy` wrote')
    .description('Look at a deployment statement and sign it. Works without a network: carry the file there and back.')
    .requiredOption('--key <file>', 'your key file')
    .option('--out <file>', 'where the signed envelope goes; unless told, into the same file')
    .option('--passphrase-file <file>', 'read the passphrase from a file; asked for otherwise')
    .option('--yes', 'you have compared the identities with what the machines print; asked for otherwise')
    .addHelpText(
      'after',
      '\nExample:\n  strongroom custodian sign ceremony-main-1/admission.json --key custodian-1.key --out admission.1.json',
    );
  register(sign, (context, options, [file = '']) => runSign(context, file, signOptions.parse(options)));
}

async function runInit({ terminal }: CommandContext, { name, out, plain, passphraseFile }: z.infer<typeof initOptions>): Promise<number> {
  const passphrase = plain === true ? undefined : await passphraseOf({ terminal }, passphraseFile, true);
  const vkey = await createCustodianKey(out, name, passphrase);
  terminal.line(formatVkey(vkey));
  terminal.result({ vkey: formatVkey(vkey), file: out, sealed: passphrase !== undefined });
  return 0;
}

async function runSign(context: CommandContext, file: string, options: z.infer<typeof signOptions>): Promise<number> {
  const { terminal } = context;
  const envelope = await readEnvelopeFile(file);
  const statement = statementOf(envelope);
  for (const [i, line] of summaryLines(statement).entries()) {
    terminal.line(i === 0 ? terminal.style(statement.predicate.environment === 'hsm' ? 'good' : 'bad', line) : line);
  }
  if (options.yes !== true && !(await compared(context))) {
    throw invalid('yes', 'nothing was signed: compare the identities with what the machines print, then say --yes');
  }
  const { vkey, signer } = await openCustodianKey(options.key, () => passphraseOf(context, options.passphraseFile, false));
  const signed = signEnvelope(envelope, vkey.name, signer);
  const out = options.out ?? file;
  await writeText(out, formatEnvelope(signed));
  terminal.line(`${out}: signed by ${vkey.name}, ${signed.signatures.length} signatures over ${deploymentName(envelope)}`);
  terminal.result({ file: out, digest: deploymentName(envelope), signedBy: formatVkey(vkey), signatures: signed.signatures.length });
  return 0;
}

/** Written beside, flushed, then renamed: half an envelope never takes the place of a whole one. */
export async function writeText(path: string, text: string): Promise<void> {
  const name = basename(path);
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw invalid('out', 'a file name has lower-case letters, digits, dots and hyphens');
  await new FileDeviceStore(dirname(path)).write(name, text);
}

/** @throws REQUEST_INVALID without a terminal and a file */
export async function passphraseOf(
  { terminal }: Pick<CommandContext, 'terminal'>,
  file: string | undefined,
  twice: boolean,
): Promise<string> {
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new VaultError('REQUEST_INVALID', `cannot read the passphrase from ${file}`, { field: 'passphraseFile' }, { cause });
    });
    return refusingEmpty(text.replace(/\r?\n$/, ''));
  }
  if (!terminal.interactive) throw invalid('passphrase', 'give --passphrase-file, or run on a terminal');
  const passphrase = refusingEmpty(await askSecret(terminal, 'Passphrase'));
  if (twice && (await askSecret(terminal, 'Once more')) !== passphrase) throw invalid('passphrase', 'the two differ; nothing was made');
  return passphrase;
}

function refusingEmpty(passphrase: string): string {
  if (passphrase === '') throw invalid('passphrase', 'is empty');
  return passphrase;
}

async function compared({ terminal }: CommandContext): Promise<boolean> {
  if (!terminal.interactive) return false;
  const { createInterface } = await import('node:readline/promises');
  const asking = createInterface({ input: terminal.streams.stdin, output: terminal.streams.stderr });
  try {
    return (await asking.question('Are these the machines that you saw? Type "sign": ')).trim() === 'sign';
  } finally {
    asking.close();
  }
}
