import { parseArgs } from 'node:util';
import type { Bounds } from './bounds.fixture.js';

export class OptionError extends Error {}

export interface ModelOptions {
  readonly bounds: Bounds;
  readonly maxStates: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** What `npm run model` searches unless told otherwise: complete within minutes. */
export const DEFAULTS = {
  ...{ attempts: 3, budget: 2, rounds: 1, crashes: 1, rollbacks: 0, confirmations: 0 },
  ...{ 'crash-at': 0, 'rollback-at': 0, home: 1, 'max-states': 100_000_000 },
} as const;

const RANGES: Readonly<Record<keyof typeof DEFAULTS, readonly [number, number]>> = {
  ...{ attempts: [1, 4], budget: [1, 4], rounds: [1, 3], crashes: [0, 1], rollbacks: [0, 1], confirmations: [0, 1] },
  ...{ 'crash-at': [0, 3], 'rollback-at': [0, 3], home: [1, 3], 'max-states': [1, 200_000_000] },
};

export const HELP = `npm run model [-- OPTIONS]: every interleaving of three nodes within these bounds

  --attempts N       attempts that clients submit (${DEFAULTS.attempts})
  --budget N         attempts allowed between two confirmations (${DEFAULTS.budget})
  --rounds N         highest round of a ballot (${DEFAULTS.rounds})
  --crashes N        nodes that stop and start again, 0 or 1 (${DEFAULTS.crashes})
  --rollbacks N      nodes that start again with an old disk, 0 or 1 (${DEFAULTS.rollbacks})
  --crash-at N       which node crashes, 0 for any (${DEFAULTS['crash-at']})
  --rollback-at N    which node comes back with an old disk, 0 for any (${DEFAULTS['rollback-at']})
  --confirmations N  confirmations by the client, 0 or 1 (${DEFAULTS.confirmations})
  --home N           which node is the account's home (${DEFAULTS.home})
  --max-states N     give up beyond this many states (${DEFAULTS['max-states']})
  --json             one line of JSON at the end
`;

/** @throws OptionError */
export function readOptions(args: readonly string[]): ModelOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const numbers = { attempts: text, budget: text, rounds: text, crashes: text, rollbacks: text, confirmations: text };
  const places = { 'crash-at': text, 'rollback-at': text, home: text, 'max-states': text };
  const { values } = parse({ ...numbers, ...places, json: flag, help: flag }, args);
  const number = (name: keyof typeof DEFAULTS): number => {
    const [low, high] = RANGES[name];
    const value = values[name] === undefined ? DEFAULTS[name] : Number(values[name]);
    if (!Number.isInteger(value) || value < low || value > high) throw new OptionError(`--${name} must be ${low} to ${high}`);
    return value;
  };
  const counts = { attempts: number('attempts'), budget: number('budget'), rounds: number('rounds') };
  const faults = { crashes: number('crashes'), rollbacks: number('rollbacks'), confirmations: number('confirmations') };
  const where = { crashAt: number('crash-at'), rollbackAt: number('rollback-at'), home: number('home') };
  const bounds = { ...counts, ...faults, ...where };
  return { bounds, maxStates: number('max-states'), json: values.json === true, help: values.help === true };
}

function parse<T extends Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>>(options: T, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true });
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : 'unknown option', { cause });
  }
}
