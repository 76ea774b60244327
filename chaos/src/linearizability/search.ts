import { EMPTY, type AccountModel, type ModelAccount } from '../account/account-model.js';
import type { Operation } from '../account/operation.js';
import { stepsOf, type Step } from './step.js';

export type Verdict =
  | { readonly kind: 'linearizable'; readonly states: number }
  /** `stuck`: the operations of which one must come next in the longest order that was found, and none can. */
  | { readonly kind: 'violation'; readonly states: number; readonly stuck: readonly number[]; readonly account: ModelAccount }
  | { readonly kind: 'undecided'; readonly states: number };

interface Placed extends Step {
  readonly place: number;
  /** Place of the step that must come first. */
  readonly needs: number | undefined;
}

interface Node {
  readonly account: ModelAccount;
  readonly done: ReadonlySet<number>;
}

/** More than any honest history of a run needs by far. */
const MOST_STATES = 2_000_000;

/**
 * Whether the operations of one account can be put into an order that a single honest counter would have produced, each
 * between its call and its return (Herlihy and Wing). The search is that of Wing and Gong with Lowe's memory: a set of
 * steps done and the state they lead to is looked at once.
 */
export function checkLinearizable(operations: readonly Operation[], model: AccountModel, mostStates: number = MOST_STATES): Verdict {
  const steps = placed(operations, model);
  const required = steps.filter(({ optional }) => !optional).length;
  const seen = new Set<string>();
  const open: Node[] = [{ account: EMPTY, done: new Set() }];
  let furthest = -1;
  let stuck: { readonly operations: readonly number[]; readonly account: ModelAccount } = { operations: [], account: EMPTY };
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { done, account } = node;
    const count = steps.filter(({ place, optional }) => !optional && done.has(place)).length;
    if (count === required) return { kind: 'linearizable', states: seen.size };
    const candidates = candidatesOf(steps, done);
    if (count > furthest) {
      furthest = count;
      const due = candidates.filter(({ optional }) => !optional).map(({ operation }) => operation);
      stuck = { operations: [...new Set(due)], account };
    }
    for (const next of nextNodes(node, candidates)) {
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
    if (seen.size > mostStates) return { kind: 'undecided', states: seen.size };
  }
  return { kind: 'violation', states: seen.size, stuck: stuck.operations, account: stuck.account };
}

/** By the time of their return: what must be over first is tried first, and a key is short. */
function placed(operations: readonly Operation[], model: AccountModel): readonly Placed[] {
  const all = operations.flatMap((operation) => {
    const own = stepsOf(operation, model);
    return own.map((step) => ({ step, needs: step.after === undefined ? undefined : own[step.after] }));
  });
  const ordered = [...all].sort((a, b) => compare(a.step.to, b.step.to) || a.step.from - b.step.from);
  const placeOf = new Map(ordered.map(({ step }, place) => [step, place]));
  return ordered.map(({ step, needs }, place) => ({ ...step, place, needs: needs && placeOf.get(needs) }));
}

/** Infinity minus itself is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** What may come next: everything that was called before the first of the others has to be over. */
function candidatesOf(steps: readonly Placed[], done: ReadonlySet<number>): readonly Placed[] {
  const left = steps.filter(({ place }) => !done.has(place));
  const deadline = left.reduce((earliest, { to, optional }) => (optional ? earliest : Math.min(earliest, to)), Infinity);
  const alike = new Set<string>();
  return left.filter(({ from, needs, likeness }) => {
    if (from > deadline || (needs !== undefined && !done.has(needs))) return false;
    if (likeness === undefined) return true;
    // Of steps that stand for each other the one that was called first is as good as any.
    if (alike.has(likeness)) return false;
    alike.add(likeness);
    return true;
  });
}

/** A read that holds now can always be put here: it is in nobody's way. Otherwise every candidate is a branch. */
function nextNodes({ account, done }: Node, candidates: readonly Placed[]): readonly Node[] {
  const read = candidates.find((step) => step.reads && step.apply(account) !== null);
  if (read !== undefined) return [{ account, done: new Set([...done, read.place]) }];
  const nodes: Node[] = [];
  // The last one pushed is tried first: what is sure and over soonest before what may never have happened.
  for (const step of candidates.toReversed()) {
    const after = step.apply(account);
    // What may never have happened and changes nothing is left out.
    if (after !== null && !(step.optional && after === account)) nodes.push({ account: after, done: new Set([...done, step.place]) });
  }
  return nodes;
}

function keyOf({ account, done }: Node): string {
  const { active, everRegistered, freshBudgetUsed, counted } = account;
  let firstOpen = 0;
  while (done.has(firstOpen)) firstOpen++;
  const beyond = [...done].filter((place) => place > firstOpen).sort((a, b) => a - b);
  const living = active === null ? '-' : `${active.code}/${active.key}/${active.version ?? '?'}`;
  return `${firstOpen};${beyond.join()};${living};${everRegistered ? 1 : 0}${freshBudgetUsed ? 1 : 0};${counted.map((by) => by ?? 'x').join()}`;
}
