import type { PlannedStep } from './action.js';
import { accountOf, attempt, nodeOf, step, type Chapter, type PlanContext } from './chapter.js';

/** Long enough for a proposal and the votes for it, too short for a client that asks somebody else. */
const VOTED_MS = 60;
const GATEWAY = 0;

const everybody = ({ n }: PlanContext): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);
const without = (nodes: readonly number[], ...gone: readonly number[]): readonly number[] => nodes.filter((node) => !gone.includes(node));

/** Nothing gets to `node` nor from it, not even from the gateway. */
function alone(context: PlanContext, node: number, thenMs = 0): readonly PlannedStep[] {
  const others = [GATEWAY, ...without(everybody(context), node)];
  return [step({ kind: 'cut', from: [node], to: others }, 0), step({ kind: 'cut', from: others, to: [node] }, thenMs)];
}

/**
 * A value is decided and nobody knows it: q nodes vote, and of their votes only the gateway hears. Then somebody else takes
 * over with another entry, among nodes of which at least one has voted.
 */
const hiddenDecision: Chapter = (context) => {
  const { random, q } = context;
  const account = accountOf(context);
  const home = context.homeOf(account);
  const others = random.shuffled(without(everybody(context), home));
  const voters = others.slice(0, q - 1);
  // One vote and the home node's are q already where q is 2: then its voter knows, and is kept apart.
  const [apart = home] = q === 2 ? voters : [home];
  const by = random.pick(without(others, apart));
  return [
    step({ kind: 'cut', from: others, to: everybody(context) }, 0),
    step({ kind: 'cut', from: [home], to: without(others, ...voters) }, 0),
    step(attempt(context, account, false, { first: home, diesMs: VOTED_MS - 20 }), VOTED_MS),
    step({ kind: 'heal' }, 0),
    ...alone(context, apart),
    step(attempt(context, account, false, { first: by }), 1_800),
    step({ kind: 'heal' }, 100),
    step({ kind: 'harvest' }, 300),
  ];
};

/**
 * A vote outlives the node that made it: its disk is rolled back, its peers promise to listen to the new incarnation
 * alone, and only then do they vote for what the old one voted for. Needs q peers that know nothing of the proposal.
 */
const fencedVote: Chapter = (context) => {
  const { random, n, q } = context;
  if (n < q + 2) return hiddenDecision(context);
  const account = accountOf(context);
  const home = context.homeOf(account);
  const [voter = 1, ...others] = random.shuffled(without(everybody(context), home));
  const late = others.slice(0, q - 2);
  return [
    step({ kind: 'snapshot', node: voter }, 0),
    step({ kind: 'withhold', from: home, name: 'batch', to: late }, 0),
    step({ kind: 'cut', from: [home], to: without(others, ...late) }, 0),
    step({ kind: 'cut', from: [voter], to: everybody(context) }, 0),
    step(attempt(context, account, false, { first: home, diesMs: VOTED_MS - 20 }), VOTED_MS),
    step({ kind: 'heal' }, 0),
    ...alone(context, home),
    step({ kind: 'rollback', node: voter }, 900),
    step({ kind: 'release' }, 100),
    ...(random.chance(50) ? [step(attempt(context, account, false, { first: voter }), 900)] : []),
    step({ kind: 'heal' }, 0),
    step({ kind: 'harvest' }, 400),
  ];
};

/** A node starts while fewer than q peers can answer it: it has to wait. */
const fewAnswers: Chapter = (context) => {
  const { random, q } = context;
  const node = nodeOf(context);
  const account = accountOf(context);
  const others = random.shuffled(without(everybody(context), node));
  const silent = others.slice(q - 1);
  return [
    step({ kind: 'cut', from: silent, to: [node] }, 0),
    step({ kind: 'cut', from: [node], to: silent }, 0),
    step({ kind: 'crash', node, when: 'now' }, 50),
    step({ kind: 'restart', node }, random.between(500, 1_200)),
    step(attempt(context, account, random.chance(50)), random.below(600)),
    step({ kind: 'heal' }, 800),
  ];
};

/** Orders of events in which a certain rule is the last line of defence, and which dice hardly ever make. */
export const TARGETED: readonly Chapter[] = [hiddenDecision, fencedVote, fencedVote, fewAnswers];
