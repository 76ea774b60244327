import { guessBound, rankNodes, type GuessParameters } from '@strongroom/protocol';
import { SimGateway } from '../clients/sim-gateway.js';
import { SimBus } from '../network/sim-bus.js';
import { Acts } from '../run/act.js';
import { FLEET_ID } from '../run/rules.js';
import type { RunResult } from '../run/simulation.js';
import { Trace } from '../run/trace.js';
import { World } from '../run/world.js';
import { WORLD } from '../time/sim-time.js';
import { Violation } from '../watch/violation.js';
import { uidOf } from '../node/sim-tokens.js';
import { Crew } from './crew.js';
import type { ParameterSet } from './parameter-sets.js';
import { SplitAttack } from './split-attack.js';

const FOREVER = Number.MAX_SAFE_INTEGER;
const JOIN_MS = 1_500;
const DONE_MS = 4_000;
/** Tries beyond N, where nobody is corrupt. */
const MORE = 3;

/** One fleet, one number of corrupt nodes: what is promised, and what the attack got. */
export interface BoundRow extends GuessParameters {
  readonly b: number;
  readonly bound: number;
  /** The most distinct attempts that the pooled evaluations answer, over the places that corrupt nodes may have. */
  readonly reached: number;
  readonly violation: RunResult['violation'];
}

/** Attacks real nodes with the home node corrupt, and with it honest; without corrupt nodes it is the gateway alone that is hostile. */
export async function runBound(set: ParameterSet, b: number, attempts: number): Promise<BoundRow> {
  const parameters = { ...set, attempts };
  const bound = guessBound(parameters, b);
  if (bound === null) throw new RangeError('from t on the shares of the corrupt nodes open the record by themselves');
  let reached = 0;
  let violation: RunResult['violation'] = null;
  for (const atHome of b === 0 ? [false] : [true, false]) {
    const result = await attack(parameters, b, atHome);
    reached = Math.max(reached, result.reached);
    violation ??= result.violation;
  }
  return { ...parameters, b, bound, reached, violation };
}

async function attack(
  parameters: GuessParameters,
  b: number,
  atHome: boolean,
): Promise<{ readonly reached: number; readonly violation: RunResult['violation'] }> {
  const { n, t, q, attempts } = parameters;
  const corrupt = corruptNodes(n, b, atHome);
  const world = await World.of(
    { seed: 1, n, t, q, attempts, accounts: 1, delaysMs: [], corrupt, steps: [] },
    new Trace(false, () => undefined),
  );
  try {
    await (b === 0 ? insist(world, attempts + MORE) : split(world, corrupt));
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { reached: guesses(world, t - b), violation: { rule: error.rule, story: error.story } };
  } finally {
    world.time.close();
  }
  return { reached: guesses(world, t - b), violation: null };
}

/** Among the first of the ranks, or right behind the home node. */
function corruptNodes(n: number, b: number, atHome: boolean): readonly number[] {
  const ranked = rankNodes(uidOf('A'), { fleetId: FLEET_ID, epoch: 1, n });
  return atHome ? ranked.slice(0, b) : ranked.slice(1, b + 1);
}

async function split(world: World, corrupt: readonly number[]): Promise<void> {
  const account = world.account(0);
  const honest = world.machines.map(({ self }) => self).filter((node) => !corrupt.includes(node));
  const crew = new Crew(world, account.uid, corrupt);
  await crew.start();
  for (const node of honest) world.machine(node).start();
  await world.time.runFor(JOIN_MS);
  const version = await account.newVersion(false, FOREVER);
  const staged = new SimGateway(new SimBus(world.exchange, 0, WORLD), world.roster, honest).stage(version);
  await world.time.runFor(JOIN_MS);
  await staged;
  world.network.withholds = ({ from, to }) => from !== to && honest.includes(from) && honest.includes(to);
  await new SplitAttack(world, crew, account, version, honest).run();
}

/** Without corrupt nodes: a thief at every node, and a gateway that asks for everything with every vote it saw. */
async function insist(world: World, tries: number): Promise<void> {
  const acts = new Acts(world);
  for (const machine of world.machines) machine.start();
  await world.time.runFor(JOIN_MS);
  await acts.do({ kind: 'register', account: 0, byOwner: false, dies: false });
  await world.time.runUntil(() => acts.underWay === 0, DONE_MS);
  for (let i = 0; i < tries; i++) {
    const first = (i % world.roster.n) + 1;
    await acts.do({ kind: 'attempt', account: 0, right: false, first, confirm: 'now', tokenMs: null, diesMs: null });
    if (i % 2 === 1) await world.time.runUntil(() => acts.underWay === 0, DONE_MS);
  }
  await world.time.runUntil(() => acts.underWay === 0, DONE_MS);
  world.gateway.harvest();
  await world.time.runFor(JOIN_MS);
}

function guesses(world: World, needed: number): number {
  const [account] = world.ledger.accounts;
  return [...(account?.attempts.values() ?? [])].filter(({ points }) => points.size >= needed).length;
}
