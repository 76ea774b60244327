import { exactUpTo, rankNodes } from '@strongroom/protocol';
import { uidOf } from '../node/sim-tokens.js';
import { SeededRandom } from '../random/seeded-random.js';
import { ANTI_ENTROPY, DELAYS_MS, FLEET_ID } from '../run/rules.js';
import type { Plan, PlannedStep } from './action.js';
import type { PlanContext } from './chapter.js';
import { CHAPTERS } from './chapters.js';
import { nameOf } from './describe.js';

/** n, t, q; a fleet that an exact bound is stated for, or one for which only the general bound holds. */
const PROFILES = [
  { n: 3, t: 2, q: 2, weight: 5 },
  { n: 5, t: 3, q: 3, weight: 4 },
  { n: 4, t: 3, q: 3, weight: 2 },
  { n: 5, t: 3, q: 4, weight: 1 },
  { n: 7, t: 4, q: 5, weight: 1 },
] as const;
const DRAWN = PROFILES.flatMap((profile) => Array.from({ length: profile.weight }, () => profile));

export interface PlanOptions {
  /** Whether nodes may be corrupt where the fleet promises exactly N guesses all the same. */
  readonly corruptExact: boolean;
  /** Nodes compare their accounts: a seed is another story then, because messages are more. */
  readonly antiEntropy?: boolean;
}

/** All that happens under a seed, before any of it happens: a step can be left out and the others stay as they are. */
export function makePlan(seed: number, options: PlanOptions): Plan {
  const random = new SeededRandom(`plan ${seed}`);
  const { n, t, q } = random.pick(DRAWN);
  const attempts = random.between(2, 4);
  const accounts = random.between(1, 3);
  const delaysMs = random.chance(30) ? DELAYS_MS : [];
  const corrupt = random.chance(25) ? drawCorrupt(random, { n, t, q, attempts }, options) : [];
  const epoch = { now: 1 };
  const homeOf = (account: number): number => rankNodes(uidOf(nameOf(account)), { fleetId: FLEET_ID, epoch: epoch.now, n })[0] ?? 1;
  const context: PlanContext = { random, n, q, attempts, accounts, corrupt, epoch, homeOf };
  const steps: PlannedStep[] = Array.from({ length: accounts }, (_, account) => ({
    action: { kind: 'register', account, byOwner: false, dies: false },
    thenMs: 400,
  }));
  for (const chapters = random.between(3, 7); steps.length < chapters * 6;) steps.push(...random.pick(CHAPTERS)(context));
  const more = options.antiEntropy === true ? { antiEntropyMs: ANTI_ENTROPY.intervalMs } : {};
  return { seed, n, t, q, attempts, accounts, delaysMs, corrupt, ...more, steps };
}

function drawCorrupt(
  random: SeededRandom,
  parameters: { readonly n: number; readonly t: number; readonly q: number; readonly attempts: number },
  { corruptExact }: PlanOptions,
): readonly number[] {
  const { n, t, q } = parameters;
  const exact = exactUpTo(parameters);
  const least = corruptExact ? 1 : exact + 1;
  // No more than may be silent at once: the account must stay usable by q honest nodes.
  const most = Math.min(t - 1, n - q);
  if (least > most) return [];
  const nodes = Array.from({ length: n }, (_, i) => i + 1);
  return random.shuffled(nodes).slice(0, random.between(least, most));
}
