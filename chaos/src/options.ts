import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run chaos -- [options]

Starts a vault of real processes (five nodes, gateway, bus, database), loads it, and lets an adversary kill, freeze and
cut off nodes, fill their disks, put yesterday's copy of a directory in the place of today's, and restart the bus and the
gateway. In the end every account is audited and what its clients saw is checked for linearizability.

Options
  --minutes N   how long the adversary works (3); the first pass over all kinds of faults is always finished
  --seconds N   the same in seconds
  --seed N      the adversary's plan, a whole number; drawn from the clock unless told
  --json        one JSON object as the last line of the output
  --keep        leaves the vault's folder and every history for a look; both stay after a violation as well
  --help        this text

The same seed makes the same plan: which faults, at which nodes, how long. It does not make the same run: when a fault
meets a message is decided by real processes, so a failing seed may have to be run several times.

Exit 0 only when nothing was violated and something was measured. Availability and gaps are measurements: they depend on
the machine and do not fail the command.

Examples
  npm run chaos -- --minutes 3 --json
  npm run chaos -- --seconds 30 --seed 7
`;

/** What a person asked for and cannot be done; the message says why. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

export interface ChaosOptions {
  readonly durationMs: number;
  /** Undefined unless told. */
  readonly seed: number | undefined;
  readonly json: boolean;
  readonly keep: boolean;
  readonly help: boolean;
}

const LONGEST_MINUTES = 24 * 60;

/** @throws OptionError naming the argument */
export function readOptions(args: readonly string[]): ChaosOptions {
  const { minutes, seconds, seed, ...flags } = parsed(args);
  if (minutes !== undefined && seconds !== undefined) throw new OptionError('--minutes and --seconds: only one of them');
  const durationMs =
    seconds === undefined
      ? number('minutes', minutes ?? '3', LONGEST_MINUTES) * 60_000
      : number('seconds', seconds, LONGEST_MINUTES * 60) * 1_000;
  return {
    durationMs,
    seed: seed === undefined ? undefined : wholeSeed(seed),
    json: flags.json ?? false,
    keep: flags.keep ?? false,
    help: flags.help ?? false,
  };
}

function number(name: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= most)) throw new OptionError(`--${name}: must be a number above 0, ${most} at most`);
  return value;
}

function wholeSeed(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 0xffffffff)
    throw new OptionError('--seed: must be a whole number from 0 to 4294967295');
  return value;
}

type Values = Partial<Record<'minutes' | 'seconds' | 'seed', string> & Record<'json' | 'keep' | 'help', boolean>>;

function parsed(args: readonly string[]): Values {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({ args: [...args], options: { minutes: text, seconds: text, seed: text, json: flag, keep: flag, help: flag } }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
