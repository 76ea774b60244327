import type { Command } from 'commander';
import { VaultError } from '@strongroom/protocol';
import { z } from 'zod';
import { openSession } from '../session/open-session.js';
import { newRecoveryCode, recoveryCode } from '../session/recovery-code.js';
import { exportIdentity, keyOrNew } from './backup.command.js';
import type { CommandContext, Register } from './command-context.js';
import { sessionOptions, withCode, withSession } from './session-options.js';
import { describeHistory, describeStatus, describeStep } from './words.js';

const protectOptions = sessionOptions.extend({ allowWeakCode: z.boolean().optional() });
const recoverOptions = sessionOptions.extend({ replace: z.boolean().optional(), exportIdentity: z.string().optional() });
const forgetOptions = sessionOptions.extend({ yes: z.boolean().optional() });

export function addVaultCommands(program: Command, register: Register): void {
  const protect = withCode(program.command('protect'))
    .description("Put this device's backup key into the vault under a recovery code. Doing it again changes the code.")
    .option('--allow-weak-code', 'take a code that many people choose or that has fewer than six characters')
    .addHelpText('after', '\nExamples:\n  strongroom protect\n  strongroom protect --code-file code.txt --json');
  register(protect, (context, options) => runProtect(context, protectOptions.parse(options)));
  const recover = withCode(program.command('recover'))
    .description('Bring the backup key back with the recovery code. A wrong code spends one of the attempts.')
    .option('--replace', 'take the place of another backup key on this device')
    .option('--export-identity <file>', 'also write the key as an age identity (0600): whoever has that file can read every backup')
    .addHelpText('after', '\nExamples:\n  strongroom recover\n  strongroom recover --home /media/new-device --account anna');
  register(recover, (context, options) => runRecover(context, recoverOptions.parse(options)));
  const status = withSession(program.command('status'))
    .description('What the nodes say of the account: attempts left, state, pending changes. Costs no attempt.')
    .addHelpText('after', '\nExample:\n  strongroom status --json');
  register(status, (context, options) => runStatus(context, sessionOptions.parse(options)));
  const history = withSession(program.command('history'))
    .description('Attempts and changes of the last 90 days, by whom, confirmed or not, as the nodes sign it. Costs no attempt.')
    .addHelpText('after', '\nExample:\n  strongroom history --json');
  register(history, (context, options) => runHistory(context, sessionOptions.parse(options)));
  const forget = withSession(program.command('forget'))
    .description("Delete the account's record: the shares are erased and nobody recovers it any more.")
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  strongroom forget --yes');
  register(forget, (context, options) => runForget(context, forgetOptions.parse(options)));
  const cancel = withSession(program.command('cancel'))
    .description('End a pending change that somebody else asked for; on the device that protected the key.')
    .addHelpText('after', '\nExample:\n  strongroom cancel');
  register(cancel, (context, options) => runCancel(context, sessionOptions.parse(options)));
}

async function runProtect(context: CommandContext, options: z.infer<typeof protectOptions>): Promise<number> {
  const { terminal, config, signal } = context;
  const { home, client } = await openSession(options, config);
  const code = await newRecoveryCode(terminal, { codeFile: options.codeFile, fromEnvironment: config.STRONGROOM_CODE });
  const key = await keyOrNew(home);
  try {
    const { allowWeakCode = false } = options;
    for (const sentence of await adviceOn(code, options.account)) terminal.line(sentence);
    const result = await client.protect(key, code, { signal, allowWeakCode, onStep: (step) => terminal.progress(describeStep(step)) });
    terminal.line(
      `The backup key is protected: version ${result.version} in fleet ${result.fleetId}, voted by nodes ${result.votedBy.join(', ')}.`,
    );
    if (result.status === 'pending') terminal.line('Another device protected it before: the older code works until the cool-down is over.');
    terminal.result(result);
    return 0;
  } finally {
    key.fill(0);
  }
}

/** Loaded here alone: the word lists take a while, and no other command chooses a code. */
async function adviceOn(code: string, account: string | undefined): Promise<readonly string[]> {
  const { estimateStrength } = await import('@strongroom/client/strength');
  const { weakness, advice } = estimateStrength(code, { known: account === undefined ? [] : [account] });
  return weakness === undefined ? advice : []; // refused below with its own advice, unless that was overruled
}

async function runRecover(context: CommandContext, options: z.infer<typeof recoverOptions>): Promise<number> {
  const { terminal, config, signal } = context;
  const { home, client } = await openSession(options, config);
  const code = await recoveryCode(terminal, { codeFile: options.codeFile, fromEnvironment: config.STRONGROOM_CODE }, 'Recovery code');
  const { backupKey, ...result } = await client.recover(code, { signal, onStep: (step) => terminal.progress(describeStep(step)) });
  try {
    await home.keepBackupKey(backupKey.reveal(), options.replace === true);
    if (options.exportIdentity !== undefined) await exportIdentity(options.exportIdentity, backupKey.reveal());
  } finally {
    backupKey.wipe();
  }
  terminal.line(
    `The backup key is back (version ${result.version}); confirmed by nodes ${result.confirmedBy.join(', ')}, ${result.attemptsLeft} attempts left.`,
  );
  for (const { node, reason } of result.excluded) terminal.line(`Node ${node} was left out: its ${reason} was wrong.`);
  if (result.unwitnessed.length > 0) {
    terminal.line(`The fleet's bundle was accepted before, but no witnesses vouch for it now: ${result.unwitnessed.join(', ')}.`);
  }
  terminal.result(result);
  return 0;
}

async function runStatus(context: CommandContext, options: z.infer<typeof sessionOptions>): Promise<number> {
  const { client } = await openSession(options, context.config);
  const status = await client.status({ signal: context.signal });
  for (const line of describeStatus(status)) context.terminal.line(line);
  context.terminal.result(status);
  return 0;
}

async function runHistory(context: CommandContext, options: z.infer<typeof sessionOptions>): Promise<number> {
  const { client } = await openSession(options, context.config);
  const history = await client.history({ signal: context.signal });
  for (const line of describeHistory(history)) context.terminal.line(line);
  context.terminal.result(history);
  return 0;
}

async function runForget(context: CommandContext, options: z.infer<typeof forgetOptions>): Promise<number> {
  const { terminal, config, signal } = context;
  if (options.yes !== true && !(await confirmed(context)))
    throw new VaultError('REQUEST_INVALID', 'nothing was deleted: say --yes', { field: 'yes' });
  const { client } = await openSession(options, config);
  const result = await client.forget({ signal });
  const said = {
    deleted: 'The record is deleted; its shares are erased.',
    pending: 'The deletion waits for its cool-down: this device does not own the record.',
    none: 'There was nothing to delete.',
  };
  terminal.line(said[result.status]);
  terminal.result(result);
  return 0;
}

async function runCancel(context: CommandContext, options: z.infer<typeof sessionOptions>): Promise<number> {
  const { client } = await openSession(options, context.config);
  const votedBy = await client.cancelPending({ signal: context.signal });
  context.terminal.line('The pending change is cancelled.');
  context.terminal.result({ votedBy });
  return 0;
}

async function confirmed({ terminal }: CommandContext): Promise<boolean> {
  if (!terminal.interactive) return false;
  const { createInterface } = await import('node:readline/promises');
  const asking = createInterface({ input: terminal.streams.stdin, output: terminal.streams.stderr });
  try {
    return (await asking.question('Delete the record for good? Type "delete": ')).trim() === 'delete';
  } finally {
    asking.close();
  }
}
