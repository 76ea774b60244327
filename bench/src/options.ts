import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run bench -- [load|idle|log] [options]

  load   (default) many accounts recover at once: recoveries a second, latencies, processor time of each service,
         beside what the cryptography alone costs
  idle   one recovery at a time on an idle fleet: the latency of a single one
  log    appends to a public log on this machine's disk, many at once and one by one, with a witness

Options
  --accounts N       accounts that are registered first (load: 300, idle: 20)
  --concurrency N    recoveries under way at once (load: 32), appends (log: 256)
  --seconds N        length of the measurement of load (10)
  --warmup N         seconds of load before it (3; idle: 8)
  --recoveries N     recoveries that idle measures (300)
  --appends N        appends that log measures (20000)
  --profile NAME     standard (as many votes as shares) or hardened (one vote more)
  --nodes N          nodes of the fleet (standard: 5, hardened: 7)
  --hedge-delay MS   after how long the gateway asks another node (its own default)
  --cpu-profile DIR  writes a V8 profile of the gateway and of each node to DIR; the figures are then not comparable
  --json             one JSON object as the last line of the output
  --help             this text

Examples
  npm run bench
  npm run bench -- --seconds 30 --concurrency 64 --json
  npm run bench -- idle --profile hardened
  npm run bench -- log --appends 100000
`;

/** What a person asked for and cannot be done; the message says why. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

export interface BenchOptions {
  readonly mode: 'load' | 'idle' | 'log';
  readonly profile: 'standard' | 'hardened';
  readonly nodes: number;
  readonly accounts: number;
  readonly concurrency: number;
  /** Of load. */
  readonly seconds: number;
  readonly warmup: number;
  /** Of idle. */
  readonly recoveries: number;
  /** Milliseconds; undefined for the gateway's default. */
  readonly hedgeDelay: number | undefined;
  /** Of log. */
  readonly appends: number;
  readonly cpuProfile: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws OptionError naming the argument */
export function readOptions(args: readonly string[]): BenchOptions {
  const { positionals, values } = parsed(args);
  const [mode = 'load', ...rest] = positionals;
  if ((mode !== 'load' && mode !== 'idle' && mode !== 'log') || rest.length > 0) throw new OptionError(`unknown: ${positionals.join(' ')}`);
  const { profile = 'standard' } = values;
  if (profile !== 'standard' && profile !== 'hardened') throw new OptionError(`--profile: ${profile} is neither standard nor hardened`);
  const idle = mode === 'idle';
  const options = {
    mode,
    profile,
    nodes: whole('nodes', values.nodes, profile === 'standard' ? 5 : 7, 3, 32),
    accounts: whole('accounts', values.accounts, idle ? 20 : 300, 1, 100_000),
    concurrency: idle ? 1 : whole('concurrency', values.concurrency, mode === 'log' ? 256 : 32, 1, 1_000),
    seconds: whole('seconds', values.seconds, 10, 1, 3_600),
    warmup: whole('warmup', values.warmup, idle ? 8 : 3, 0, 600),
    recoveries: whole('recoveries', values.recoveries, 300, 10, 100_000),
    hedgeDelay: values['hedge-delay'] === undefined ? undefined : whole('hedge-delay', values['hedge-delay'], 60, 5, 1_000),
    appends: whole('appends', values.appends, 20_000, 1, 10_000_000),
    cpuProfile: values['cpu-profile'],
    json: values.json ?? false,
    help: values.help ?? false,
  } as const;
  // An account has at most one recovery under way, as a person has.
  if (mode !== 'log' && options.accounts < options.concurrency) throw new OptionError('--accounts: fewer than --concurrency');
  return options;
}

function whole(name: string, text: string | undefined, standard: number, min: number, max: number): number {
  const value = text === undefined ? standard : Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new OptionError(`--${name}: must be a whole number from ${min} to ${max}`);
  return value;
}

type Value =
  'accounts' | 'concurrency' | 'seconds' | 'warmup' | 'recoveries' | 'profile' | 'nodes' | 'appends' | 'cpu-profile' | 'hedge-delay';
type Values = Partial<Record<Value, string> & Record<'json' | 'help', boolean>>;

function parsed(args: readonly string[]): { readonly positionals: readonly string[]; readonly values: Values } {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const named = { accounts: text, concurrency: text, seconds: text, warmup: text, recoveries: text, profile: text, nodes: text };
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...named, appends: text, 'cpu-profile': text, 'hedge-delay': text, json: flag, help: flag },
    });
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
