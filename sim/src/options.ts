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
  --corrupt-exact   let nodes be corrupt in fleets that promise exactly N guesses all the same (see sim/README.md)
  --anti-entropy    let nodes compare their accounts in the background (PROTOCOL 7.4); seeds are other stories then
  --json            one JSON object as the last line of the output
  --help            this text

Examples
  npm run sim
  npm run sim -- --seeds 1000 --json
  npm run sim -- --seed 17 --trace
  npm run sim -- --seeds 20 --from 5000 --json --no-planted
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
  readonly corruptExact: boolean;
  readonly antiEntropy: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

/** @throws OptionError naming the argument */
export function readOptions(args: readonly string[]): SimOptions {
  const values = parsed(args);
  const single = values.seed !== undefined;
  const from = whole('seed', values.seed, whole('from', values.from, 1));
  const seeds = single ? 1 : whole('seeds', values.seeds, 100);
  const planted = (values.planted || (values.json && !single)) && !values['no-planted'];
  const { trace, json, help } = values;
  if (trace && !single) throw new OptionError('--trace: needs --seed');
  const plans = { corruptExact: values['corrupt-exact'], antiEntropy: values['anti-entropy'] };
  return { from, seeds, single, trace, planted, ...plans, json, help };
}

function whole(name: string, given: string | undefined, standard: number): number {
  const value = given === undefined ? standard : Number(given);
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000)
    throw new OptionError(`--${name}: must be a whole number from 1 to 1000000`);
  return value;
}

function parsed(args: readonly string[]) {
  try {
    const named = { seeds: text, from: text, seed: text, trace: flag, planted: flag, 'no-planted': flag };
    const plans = { 'corrupt-exact': flag, 'anti-entropy': flag };
    return parseArgs({ args: [...args], options: { ...named, ...plans, json: flag, help: flag } }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
