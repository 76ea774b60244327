import { Command, CommanderError } from 'commander';
import { addAuditCommand } from './commands/audit.command.js';
import { addBackupCommands } from './commands/backup.command.js';
import type { CommandContext, Register } from './commands/command-context.js';
import { addCustodianCommands } from './commands/custodian.command.js';
import { addDemoCommands } from './commands/demo.command.js';
import { addBusCommand } from './commands/bus.command.js';
import { addEventsCommand } from './commands/events.command.js';
import { addEvidenceCommands } from './commands/evidence.command.js';
import { addFleetCommands } from './commands/fleet.command.js';
import { addLogCommands } from './commands/log.command.js';
import { addTrustCommands } from './commands/trust.command.js';
import { addVaultCommands } from './commands/vault.command.js';
import { addWitnessCommands } from './commands/witness.command.js';
import { EXIT_CODES_HELP, INTERRUPTED, USAGE } from './errors/exit-code.js';
import { reportError } from './errors/report-error.js';

const DESCRIPTION = `An open backup key vault: a recovery code brings a 32-byte backup key back, after at most ten tries,
and no company, cloud or operator can read it.`;

export type MakeContext = (options: { readonly json: boolean }) => CommandContext;

/**
 * Runs one command line and returns its exit code. Nothing here touches the process: streams, environment and signals
 * come with the context.
 */
export async function runProgram(args: readonly string[], makeContext: MakeContext): Promise<number> {
  const context = makeContext({ json: args.includes('--json') });
  let exitCode = 0;
  const register: Register = (command, run) => {
    command.option('--json', 'one JSON object as the last line of standard output; everything else goes to standard error');
    command.action(async () => {
      exitCode = await finished(context, async () => run(context, command.opts(), command.args));
    });
  };
  const program = buildProgram(register, context);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) context.terminal.result({ error: { code: 'REQUEST_INVALID', message: error.message } });
    return error.exitCode === 0 ? 0 : USAGE;
  }
}

async function finished({ terminal, signal }: CommandContext, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!signal.aborted) return reportError(terminal, error);
    terminal.note('stopped');
    terminal.result({ error: { code: 'INTERRUPTED', message: 'stopped' } });
    return INTERRUPTED;
  }
}

function buildProgram(register: Register, { terminal }: CommandContext): Command {
  const { stdout, stderr } = terminal.streams;
  const program = new Command('strongroom')
    .description(DESCRIPTION)
    .version('0.1.0')
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText('after', `\n${EXIT_CODES_HELP}`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    });
  addDemoCommands(program, register);
  addBackupCommands(program, register);
  addVaultCommands(program, register);
  addFleetCommands(program, register);
  addTrustCommands(program, register);
  addLogCommands(program, register);
  addAuditCommand(program, register);
  addWitnessCommands(program, register);
  addCustodianCommands(program, register);
  addEvidenceCommands(program, register);
  addEventsCommand(program, register);
  addBusCommand(program, register);
  return program;
}
