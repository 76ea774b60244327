import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run sim -- [options]

Runs whole fleets of real nodes on a simulated network, disk and clock, one fleet per seed, and checks the rules of
PROTOCOL 8 after every step. The same seed does the same, always.

Options
  --seeds N         how many seeds, from --from on (100)
  --from N          the first seed (1)
  --seed N          this seed only; a failing one is shrunk to a short story
  --trace           tell what happens under --seed, every event of it
  --planted         also plant the known bugs one by one and search for each (on with --json)
  --no-planted      with --json: without them
  --bounds          instead of seeds: attack every fleet of up to 7 nodes with every number of corrupt nodes below t,
                    and hold the guesses that come of it against the bound of PROTOCOL 8
  --attempts N      with --bounds: the attempts that the fleets allow (10)
  --no-corrupt-exact
                    no corrupt nodes in fleets that promise exactly N guesses despite them
  --anti-entropy    let nodes compare their accounts in the background (PROTOCOL 7.4); seeds are other stories then
  --json            one JSON object as the last line of the output
  --help            this text

Examples
  npm run sim
  npm run sim -- --seeds 1000 --json
  npm run sim -- --seed 17 --trace
  npm run sim -- --seeds 20 --from 5000 --json --no-planted
  npm run sim -- --bounds --json
`;

/** What a person asked for and cannot be done; the message says why. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

export interface SimOptions {
  readonly from: number;
  readonly seeds: number;
  /** One seed alone was asked for. */
  readonly single: boolean;
  readonly trace: boolean;
  readonly planted: boolean;
  /** The table of bounds is asked for, and no seeds. */
  readonly bounds: boolean;
  /** N of the fleets in it. */
  readonly attempts: number;
  readonly corruptExact: boolean;
  readonly antiEntropy: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** PROTOCOL 1. */
const MOST_ATTEMPTS = 100;
const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

/** @throws OptionError naming the argument */
export function readOptions(args: readonly string[]): SimOptions {
  const values = parsed(args);
  const single = values.seed !== undefined;
  const from = whole('seed', values.seed, whole('from', values.from, 1));
  const seeds = single ? 1 : whole('seeds', values.seeds, 100);
  const planted = (values.planted || (values.json && !single)) && !values['no-planted'];
  const { trace, json, help, bounds } = values;
  const attempts = whole('attempts', values.attempts, 10, MOST_ATTEMPTS);
  if (values.attempts !== undefined && !bounds) throw new OptionError('--attempts: needs --bounds');
  if (trace && !single) throw new OptionError('--trace: needs --seed');
  const plans = { corruptExact: !values['no-corrupt-exact'], antiEntropy: values['anti-entropy'] };
  return { from, seeds, single, trace, planted, bounds, attempts, ...plans, json, help };
}

function whole(name: string, given: string | undefined, standard: number, most = 1_000_000): number {
  const value = given === undefined ? standard : Number(given);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new OptionError(`--${name}: must be a whole number from 1 to ${most}`);
  return value;
}

function parsed(args: readonly string[]) {
  try {
    const numbers = { seeds: text, from: text, seed: text, attempts: text };
    const plans = { 'no-corrupt-exact': flag, 'anti-entropy': flag };
    const flags = { trace: flag, planted: flag, 'no-planted': flag, bounds: flag, json: flag, help: flag };
    return parseArgs({ args: [...args], options: { ...numbers, ...flags, ...plans } }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
